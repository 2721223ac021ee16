/** A Chromium or Chrome that is installed. */
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { reasonOf } from "../servers/lab-error.ts";
import { checkChromium, type ChromiumSource } from "./chromium-program.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"] as const;

/** Where macOS has it, which puts no application on the PATH. */
const APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
] as const;

/** The first on the PATH that runs, then macOS' applications. */
export const installedChromium: ChromiumSource = {
  name: "PATH",
  timeoutMs: 20_000,
  async find({ env, signal }) {
    const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
    const paths = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
    const refused: string[] = [];
    for (const path of [...paths, ...(process.platform === "darwin" ? APPLICATIONS : [])]) {
      try {
        await access(path, constants.X_OK);
      } catch {
        continue;
      }
      try {
        return await checkChromium(path, {}, { signal });
      } catch (error) {
        refused.push(reasonOf(error));
      }
    }
    throw new Error(refused.join("; ") || "there is no chromium and no google-chrome on it");
  },
};
