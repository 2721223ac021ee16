/** A watching generator for the benchmark: what passes between a save and what is said of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What one save took, in seconds. */
export interface Saved {
  /** Until the last file was written. */
  readonly written: number;
  /** Until the parser had agreed. */
  readonly confirmed: number;
}

const ROOT = join(import.meta.dirname, "..");

/**
 * Saves a contract several times under a watching process, each time with another change to one message.
 * @param change The text with the change of that number.
 */
export async function measureWatch(
  contract: string,
  out: string,
  saves: number,
  change: (text: string, number: number) => string,
): Promise<readonly Saved[]> {
  const argv = ["launch.mjs", "codegen/main.ts", "generate", contract, "--out", out, "--watch"];
  const child = spawn(process.execPath, argv, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  let heard = Promise.withResolvers<void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    heard.resolve();
  });
  const until = async (sentence: string): Promise<number> => {
    while (!said.includes(sentence)) {
      if (child.exitCode !== null) throw new Error(`it ended, and had said only ${said}`);
      heard = Promise.withResolvers<void>();
      await heard.promise;
    }
    said = said.slice(said.indexOf(sentence) + sentence.length);
    return performance.now();
  };
  try {
    await until("waiting for the next save\n");
    const text = readFileSync(contract, "utf8");
    const all: Saved[] = [];
    for (let number = 1; number <= saves; number += 1) {
      let last = 0;
      const watcher = watch(out, { recursive: true }, () => {
        last = performance.now();
      });
      writeFileSync(contract, change(text, number));
      const started = performance.now();
      const generated = await until("generated ");
      const confirmed = await until("the parser agrees");
      await until("waiting for the next save\n");
      watcher.close();
      if (last === 0) throw new Error("a save changed no file");
      all.push({ written: (Math.min(last, generated) - started) / 1_000, confirmed: (confirmed - started) / 1_000 });
    }
    return all;
  } finally {
    const closed = once(child, "close");
    if (child.kill("SIGINT")) await closed;
  }
}
