/** Ctrl-C while a contract is watched, at every moment of it: nothing runs on, and nothing is half written. */
import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../lab/testing/scratch-directory.ts";
import { startInForeground } from "../../lab/testing/terminal.ts";
import { run } from "../main.ts";
import { Watching } from "./testing/watching.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const PATIENT = 240_000;

async function folderWith(testdata: string): Promise<string> {
  const folder = await scratchDirectory();
  await cp(join(ROOT, "codegen/testdata", testdata, "asyncapi.yaml"), join(folder, "asyncapi.yaml"));
  return folder;
}

async function generatedIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name !== "asyncapi.yaml").map(({ name }) => name);
}

// npm says of itself what the shell between says: that it was interrupted.
const ENDS = [
  { code: 0, signal: null },
  { code: 130, signal: null },
  { code: null, signal: "SIGINT" },
];

it.each([
  ["before anything is generated", "Ctrl-C ends it", false],
  ["before the parser has agreed", "changed, in", undefined],
  ["while nothing is done", "waiting for the next save", true],
])(
  "`npm run codegen -- --watch` ends with Ctrl-C %s",
  async (_, moment, isWritten) => {
    const folder = await folderWith("two-versions");
    const [file, out] = [join(folder, "asyncapi.yaml"), join(folder, "generated")];
    const terminal = startInForeground("npm", ["run", "codegen", "--", "--watch", file, "--out", out], ROOT);
    await terminal.until(moment);
    expect(ENDS).toContainEqual(await terminal.pressCtrlC());
    const files = await generatedIn(folder);
    const quiet = { cwd: folder, stdout: () => undefined, stderr: () => undefined };
    const isWhole = files.length > 0 && (await run(["--check"], quiet)) === 0;
    const isWanted = isWritten ?? isWhole;
    expect({ hasFiles: files.length > 0, isWhole }).toEqual({ hasFiles: isWanted, isWhole: isWanted });
  },
  PATIENT,
);

it(
  "a terminal and npm that both pass Ctrl-C on press it once",
  async () => {
    const watching = new Watching(await folderWith("two-versions"));
    await watching.until("changed, in");
    // Two of a kind may arrive as one.
    watching.signal("SIGTERM");
    expect(await watching.end("SIGINT")).toMatchObject({ code: 0 });
  },
  PATIENT,
);

it(
  "a terminal that is closed ends it as Ctrl-C does",
  async () => {
    const watching = new Watching(await folderWith("two-versions"));
    await watching.until("watching asyncapi.yaml");
    expect(await watching.end("SIGHUP")).toMatchObject({ code: 0 });
  },
  PATIENT,
);
