/**
 * `npm run bench:codegen -- [rounds]`: what generating costs as a whole process, against a process P that only imports
 * the AsyncAPI parser and parses the same document. The processes take turns; each figure is the median of its rounds,
 * and each ratio that of the medians of one run.
 */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { contractOf } from "./codegen-contract.ts";

const ROOT = resolve(import.meta.dirname, "..");
const MANY = 200;
const rounds = Number(process.argv[2] ?? 7);

interface Run {
  readonly seconds: number;
  /** Of the largest resident set, in megabytes. */
  readonly megabytes: number;
}

/** Prints the peak of its memory as the last thing that a process does. */
const REPORT_MEMORY = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => process.stderr.write(`\\nmaxrss ${process.resourceUsage().maxRSS}`));',
)}`;

const directory = mkdtempSync(join(tmpdir(), "bench-codegen-"));
try {
  const small = join(directory, "small.yaml");
  const many = join(directory, "many.json");
  copyFileSync(join(ROOT, "asyncapi.yaml"), small);
  writeFileSync(many, contractOf(MANY));
  // Here nothing is kept from run to run; there it is.
  const [cold, warm] = [join(directory, "cold"), join(directory, "warm")];
  mkdirSync(join(warm, "node_modules"), { recursive: true });
  const generated = join(warm, "generated");
  await codegen(small, generated);

  const measured = {
    "P, the parser alone, our contract": () => measure("bench/parse-only.mjs", small),
    "generate, our contract": () => codegen(small, join(cold, "small"), true),
    "--check, our contract, unchanged": () => codegen(small, generated, false, "--check"),
    [`P, ${MANY} messages`]: () => measure("bench/parse-only.mjs", many),
    [`generate, ${MANY} messages`]: () => codegen(many, join(cold, "many"), true),
  };
  const runs = new Map<string, Run[]>(Object.keys(measured).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(measured)) runs.get(name)?.push(await run());
  }
  report(runs);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function codegen(contract: string, out: string, anew = false, ...more: readonly string[]): Promise<Run> {
  if (anew) rmSync(out, { recursive: true, force: true });
  return measure("codegen/main.ts", "generate", contract, "--out", out, ...more);
}

async function measure(script: string, ...argv: readonly string[]): Promise<Run> {
  const started = performance.now();
  const { stderr } = await promisify(execFile)(process.execPath, ["--import", REPORT_MEMORY, script, ...argv], {
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = (performance.now() - started) / 1_000;
  return { seconds, megabytes: Number(/maxrss (\d+)$/.exec(stderr)?.[1]) / 1_024 };
}

function report(runs: ReadonlyMap<string, readonly Run[]>): void {
  const medians = [...runs].map(([name, all]) => ({
    name,
    seconds: median(all.map(({ seconds }) => seconds)),
    megabytes: median(all.map(({ megabytes }) => megabytes)),
  }));
  console.log(`medians of ${rounds} rounds, whole processes, node ${process.version}`);
  let parser = 0;
  for (const { name, seconds, megabytes } of medians) {
    if (name.startsWith("P, ")) parser = seconds;
    const ratio = name.startsWith("P, ") ? "" : `  ${(seconds / parser).toFixed(2)} × P`;
    console.log(`${name.padEnd(36)} ${seconds.toFixed(2)} s ${megabytes.toFixed(0).padStart(5)} MB${ratio}`);
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
