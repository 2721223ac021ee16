/** Documents whose commands are run: every command of a document, in its order, in a copy of the repository. */
import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyRepository } from "../lab/system/repository-copy.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** A demo, a generation or a small test run takes seconds; on a loaded machine more. */
const LIMIT_MS = 180_000;

/** Stands in a `text` block for lines that are left out. */
const LEFT_OUT = "…";

/** One command of a document, with what stands below it. */
export interface DocumentCommand {
  readonly command: string;
  /** It is said to fail: `# fails`. */
  readonly fails: boolean;
  /** The `text` block that follows: each part has to be printed, in this order. */
  readonly prints: readonly string[];
}

export interface DocumentOptions {
  /** Commands that cannot be run inside the tests. */
  readonly except?: readonly string[];
  /** Added to the environment of each command. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The text of a document, by its path from the repository's root. */
export async function readDocument(path: string): Promise<string> {
  return readFile(join(ROOT, path), "utf8");
}

/** Tests that a document's commands do what it says, and that the last ones lead back to where it started. */
export function describeCommands(document: string, { except = [], env = {} }: DocumentOptions = {}): void {
  const commands = readCommands(document);
  let copy: string;

  beforeAll(async () => {
    copy = await copyRepository();
  }, LIMIT_MS);

  afterAll(async () => {
    await rm(copy, { recursive: true, force: true });
  });

  describe("the commands", () => {
    it("are some", () => {
      expect(commands.length).toBeGreaterThan(5);
    });

    it.each(except)("hold %s, which is not run here", (command) => {
      expect(commands.map((known) => known.command)).toContain(command);
    });

    it.each(commands.filter(({ command }) => !except.includes(command)))(
      "$command",
      async ({ command, fails, prints }) => {
        const { code, output } = await shell(command, copy, env);
        expect({ code: code === 0 ? "succeeds" : "fails", output }).toMatchObject({
          code: fails ? "fails" : "succeeds",
        });
        let rest = output;
        for (const part of prints) {
          expect(rest).toContain(part);
          rest = rest.slice(rest.indexOf(part) + part.length);
        }
      },
      LIMIT_MS,
    );

    it("lead back to where they started", async () => {
      expect((await run("git", ["status", "--short"], { cwd: copy })).stdout).toBe("");
    });
  });
}

/** Tests that what a document shows of code and contract is what its patches add. */
export function describePatches(document: string, paths: readonly string[]): void {
  it("shows what its patches do", async () => {
    const patches = await Promise.all(paths.map(readDocument));
    const added = sameQuotes(patches.join("\n").replaceAll(/^\+ */gm, ""));
    const blocks = [...document.matchAll(/```(?:yaml|ts)\n([\s\S]*?)```/g)];
    const shown = blocks.flatMap(([, block = ""]) => block.split("\n")).filter((text) => text.trim() !== "");
    // The first line of a block may be the place where the rest is added.
    for (const line of shown.filter((text) => text !== "channels:")) expect(added).toContain(sameQuotes(line.trim()));
  });
}

/** The formatter has quotes of its own for what stands in a document. */
function sameQuotes(text: string): string {
  return text.replaceAll("'", '"');
}

/** The commands of a document, in its order. */
export function readCommands(text: string): readonly DocumentCommand[] {
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```(?:\s*```text\n([\s\S]*?)```)?/g)];
  return blocks.flatMap(([, block = "", prints = ""]) => {
    const lines = block
      .trim()
      .split("\n")
      .flatMap((line) => line.split(" && "));
    const parts = prints.split(new RegExp(`^\\s*${LEFT_OUT}$`, "m")).map((part) => part.replace(/^\n+|\s+$/g, ""));
    return lines.map((line, n) => ({
      command: line.replace(/\s*#.*$/, ""),
      fails: line.endsWith("# fails"),
      prints: n === lines.length - 1 ? parts : [],
    }));
  });
}

/** Runs a command of a document in a folder, as a reader's shell does. */
export async function shell(
  command: string,
  cwd: string,
  added: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly output: string }> {
  // What this test run tells its own processes must not reach another test run.
  const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|TEST$|NODE_ENV)/.test(name));
  const env = { ...Object.fromEntries(own), ...added };
  try {
    const { stdout, stderr } = await run("sh", ["-c", command], { cwd, env, maxBuffer: 64 << 20 });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { code: error.code, output: error.stdout + error.stderr };
  }
}

function isFailure(
  error: unknown,
): error is { readonly code: number; readonly stdout: string; readonly stderr: string } {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "number" &&
    "stdout" in error &&
    "stderr" in error
  );
}
