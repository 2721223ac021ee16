/**
 * `npm run bench:codegen -- [rounds]`: what generating costs as a whole process, against a process P that only imports
 * the AsyncAPI parser and parses the same document. The processes take turns; each figure is the median of its rounds,
 * and each ratio that of the medians of one run. P is a plain process: ours has V8's compile cache and what it keeps of
 * the meta-schemas, as any second run has. "P with the compile cache" says how much of the difference that is.
 */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { contractOf } from "./codegen-contract.ts";
import { measureWatch } from "./codegen-watch.ts";

const ROOT = resolve(import.meta.dirname, "..");
const FEW = 4;
const MANY = 200;
const HELP = `Says what generating costs as a whole process, against one that only parses the same document.

  npm run bench:codegen [-- ROUNDS]

  ROUNDS   how often each is measured; the median is printed (7)
`;

const [asked = "7", ...more] = process.argv.slice(2);
if (asked === "--help" || asked === "-h") {
  console.log(HELP);
  process.exit(0);
}
if (!/^[1-9]\d*$/.test(asked) || more.length > 0) {
  console.error(`ROUNDS is one whole number, 1 or more, not ${[asked, ...more].join(" ")}.\n\n${HELP}`);
  process.exit(2);
}
const rounds = Number(asked);

interface Run {
  readonly seconds: number;
  /** Of all processors, in user and system mode. */
  readonly cpu: number;
  /** Of the largest resident set, in megabytes. */
  readonly megabytes: number;
}

/** Prints the peak of its memory, and its time of processors, as the last thing that a process does. */
const REPORT_MEMORY = `data:text/javascript,${encodeURIComponent(
  'process.on("exit", () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); process.stderr.write(`\\nused ${maxRSS} ${userCPUTime + systemCPUTime}`); });',
)}`;

const directory = mkdtempSync(join(tmpdir(), "bench-codegen-"));
type Environment = Readonly<Record<string, string>>;

/** Node's own switch for what launch.mjs does. */
const COMPILED: Environment = { NODE_COMPILE_CACHE: join(directory, "code") };

try {
  const few = join(directory, "few.json");
  const ours = join(directory, "ours.yaml");
  const many = join(directory, "many.json");
  copyFileSync(join(ROOT, "asyncapi.yaml"), ours);
  writeFileSync(few, contractOf(FEW));
  writeFileSync(many, contractOf(MANY));
  // Here nothing is kept from run to run; there it is.
  const [cold, warm] = [join(directory, "cold"), join(directory, "warm")];
  mkdirSync(join(warm, "node_modules"), { recursive: true });
  const generated = join(warm, "generated");
  await codegen(ours, generated);

  const measured = {
    [`P, ${FEW} messages`]: () => measure({}, "bench/parse-only.mjs", few),
    [`P with the compile cache, ${FEW} messages`]: () => measure(COMPILED, "bench/parse-only.mjs", few),
    [`generate, ${FEW} messages`]: () => codegen(few, join(cold, "few"), true),
    "P, our contract": () => measure({}, "bench/parse-only.mjs", ours),
    "generate, our contract": () => codegen(ours, join(cold, "ours"), true),
    "--check, our contract, unchanged": () => codegen(ours, generated, false, "--check"),
    [`P, ${MANY} messages`]: () => measure({}, "bench/parse-only.mjs", many),
    [`generate, ${MANY} messages`]: () => codegen(many, join(cold, "many"), true),
  };
  const runs = new Map<string, Run[]>(Object.keys(measured).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(measured)) runs.get(name)?.push(await run());
  }
  report(runs);
  const asYaml = join(directory, "many.yaml");
  writeFileSync(asYaml, stringify(JSON.parse(contractOf(MANY))));
  const watched: readonly (readonly [
    name: string,
    contract: string,
    change: (text: string, number: number) => string,
  ])[] = [
    ["JSON", many, (text, number) => text.replace('"weight": {', `"weight": { "description": "Change ${number}",`)],
    ["YAML", asYaml, (text, number) => text.replace(/^( *)weight:$/m, `$&\n$1  description: Change ${number}`)],
  ];
  for (const [name, contract, change] of watched) {
    const saves = await measureWatch(contract, join(warm, name), rounds, change);
    const written = saves.map((save) => save.written);
    const confirmed = saves.map((save) => save.confirmed);
    console.log(`watch, ${name}, 1 of ${MANY} messages changed, in the order of the saves:`);
    console.log(`  to the last file: ${shown(written)}, median ${median(written).toFixed(3)} s`);
    console.log(`  until the parser has agreed: ${shown(confirmed)}, median ${median(confirmed).toFixed(3)} s`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function codegen(contract: string, out: string, anew = false, ...more: readonly string[]): Promise<Run> {
  if (anew) rmSync(out, { recursive: true, force: true });
  return measure({}, "launch.mjs", "codegen/main.ts", "generate", contract, "--out", out, ...more);
}

async function measure(env: Environment, script: string, ...argv: readonly string[]): Promise<Run> {
  const started = performance.now();
  const { stderr } = await promisify(execFile)(process.execPath, ["--import", REPORT_MEMORY, script, ...argv], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = (performance.now() - started) / 1_000;
  const [, memory, time] = /used (\d+) (\d+)$/.exec(stderr) ?? [];
  return { seconds, cpu: Number(time) / 1_000_000, megabytes: Number(memory) / 1_024 };
}

function report(runs: ReadonlyMap<string, readonly Run[]>): void {
  const medians = [...runs].map(([name, all]) => ({
    name,
    seconds: median(all.map(({ seconds }) => seconds)),
    cpu: median(all.map(({ cpu }) => cpu)),
    megabytes: median(all.map(({ megabytes }) => megabytes)),
  }));
  console.log(`medians of ${rounds} rounds, whole processes, node ${process.version}`);
  let [parser, parserCpu] = [0, 0];
  for (const { name, seconds, cpu, megabytes } of medians) {
    const isParser = name.startsWith("P, ");
    if (isParser) [parser, parserCpu] = [seconds, cpu];
    const ratio = isParser ? "" : `  ${(seconds / parser).toFixed(2)} × P, of CPU ${(cpu / parserCpu).toFixed(2)} × P`;
    const figures = `${seconds.toFixed(2)} s, CPU ${cpu.toFixed(2)} s, ${megabytes.toFixed(0).padStart(3)} MB`;
    console.log(`${name.padEnd(38)} ${figures}${ratio}`);
  }
}

function shown(seconds: readonly number[]): string {
  return seconds.map((one) => one.toFixed(2)).join(" ");
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
