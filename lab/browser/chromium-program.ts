import { delimiter, join } from "node:path";
import { type CommandOptions, runCommand } from "../servers/run-command.ts";
import type { ProgramSource } from "../servers/program-source.ts";

/** A Chromium or Chrome that was run once. */
export interface ChromiumProgram {
  readonly path: string;
  /** For example `156.0.8078.108`. */
  readonly version: string;
  /** What it needs in its environment besides what it inherits: where its libraries and fonts are, when it was unpacked. */
  readonly env: Readonly<Record<string, string>>;
}

/** One place that a Chromium can come from. */
export type ChromiumSource = ProgramSource<ChromiumProgram>;

/** Runs the program with `--version`. Rejects when that fails, or when it is something else. */
export async function checkChromium(
  path: string,
  env: ChromiumProgram["env"] = {},
  options: Pick<CommandOptions, "signal"> = {},
): Promise<ChromiumProgram> {
  const answer = await runCommand(path, ["--version"], { ...options, env: { ...process.env, ...env } });
  // Ubuntu's chromium-browser is a script that says how to install a snap.
  const version = /^(?:Chromium|Google Chrome)[^\d\n]* (\d+(?:\.\d+)+)/m.exec(answer)?.[1];
  if (version === undefined)
    throw new Error(`${path} is no Chromium: to --version it says "${answer.trim().split("\n")[0]}"`);
  return { path, version, env };
}

/** The list of fonts in a folder that Chromium was unpacked into. */
export const FONTS_FILE = "fonts.conf";

/** The environment for a Chromium whose package and libraries were unpacked into a folder. */
export function unpackedEnvironment(folder: string, libraries: readonly string[]): ChromiumProgram["env"] {
  const inherited = process.env["LD_LIBRARY_PATH"];
  return {
    LD_LIBRARY_PATH: [...libraries.map((path) => join(folder, path)), ...(inherited ? [inherited] : [])].join(
      delimiter,
    ),
    FONTCONFIG_FILE: join(folder, FONTS_FILE),
  };
}
