/** Whether chaos or a test notices what is broken in a copy of this repository. */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ByChaos, ByTests } from "./mutation.ts";

/** What came of it, in words for a table. */
export interface Notice {
  /** Whether it found something. */
  readonly noticed: boolean;
  readonly words: string;
}

/** Runs chaos or tests in a copy. What they print goes to the file. */
export async function notice(root: string, by: ByChaos | ByTests, logFile: string): Promise<Notice> {
  if (by.kind === "tests") {
    const name = by.named === undefined ? [] : ["-t", by.named];
    const code = await run(
      root,
      ["node_modules/vitest/vitest.mjs", "run", "--project", "system", by.file, ...name],
      logFile,
    );
    return { noticed: code === 1, words: code === 1 ? `tests fail: ${by.file}` : `the tests end with ${code}` };
  }
  const out = `${logFile}.artifacts`;
  const asked = ["--seed", String(by.seed), "--minutes", String(by.minutes), "--only", by.only, "--out", out];
  const code = await run(root, ["lab/chaos/main.ts", ...asked], logFile);
  if (code !== 1) return { noticed: false, words: `chaos ends with ${code}` };
  const broken = await brokenIn(join(out, "verdict.json"));
  const named = broken.filter((invariant) => by.breaks.includes(invariant));
  const words = broken.length === 0 ? "chaos fails without a verdict" : `chaos fails: ${broken.join(", ")}`;
  return { noticed: named.length > 0, words };
}

async function brokenIn(file: string): Promise<readonly string[]> {
  const text = await readFile(file, "utf8").catch(() => "{}");
  const verdict: unknown = JSON.parse(text);
  if (typeof verdict !== "object" || verdict === null || !("verdicts" in verdict)) return [];
  const { verdicts } = verdict;
  if (!Array.isArray(verdicts)) return [];
  const broken = verdicts.filter((one: unknown) => isBroken(one)).map(({ invariant }) => invariant);
  return [...new Set(broken)];
}

function isBroken(value: unknown): value is { readonly invariant: string } {
  if (typeof value !== "object" || value === null || !("invariant" in value)) return false;
  return "violations" in value && Number(value.violations) > 0;
}

async function run(root: string, argv: readonly string[], logFile: string): Promise<number | null> {
  const log = createWriteStream(logFile, { flags: "a" });
  const child = spawn(process.execPath, argv, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const end = (): void => void child.kill("SIGTERM");
  process.once("exit", end);
  const code = await new Promise<number | null>((resolve) => {
    child.once("close", resolve);
  });
  process.off("exit", end);
  log.end();
  return code;
}
