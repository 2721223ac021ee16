/**
 * Tries to refute what is claimed of reliability. Exit code 0 PASS, 1 FAIL, 2 the arguments are wrong, 3 INVALID, 130
 * after Ctrl-C.
 */
import { mkdtemp } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { OpsError } from "../../ops/error.ts";
import { LabError } from "../servers/lab-error.ts";
import { refusal } from "../../ops/usage-error.ts";
import { type Arguments, readArguments } from "./arguments.ts";
import { FAULTS } from "./faults/all.ts";
import { hasOwnNamespace, inOwnNamespace, watchFirstRun } from "./namespace.ts";
import type { Outcome, Result } from "./result.ts";
import { resultText } from "./result-text.ts";
import { runSeed } from "./run-seed.ts";
import { runsText } from "./runs-text.ts";
import { drawSchedule, scheduleLines } from "./schedule.ts";

const HELP = `Starts the whole system on this machine, breaks it while orders come in, and says whether its books balance.

  npm run chaos -- [--seed N] [--minutes M] [--only FAULT,…] [--rate R] [--runs N] [--out DIR]
  npm run chaos -- --list

  --seed N         what the schedule of faults is drawn from; the same seed gives the same schedule. Default: by chance
  --minutes M      how long orders are sent; default 3
  --only FAULT,…   these faults alone
  --rate R         orders for each second; default 5
  --runs N         so many runs one after the other, each with the next seed, and a table of them; default 1
  --out DIR        where timeline, logs, ledgers and verdict go, with --runs a folder for each seed; default new
                   temporary folders
  --list           says what faults there are, and ends
  --dry-run        prints the schedule, and ends

Exit codes: 0 PASS; 1 FAIL, something does not hold; 2 the arguments are wrong; 3 INVALID, nothing was found and too
little happened for that to say anything; 130 after Ctrl-C.
`;

const INTERRUPTED = 130;
const CODES: Readonly<Record<Outcome, number>> = { PASS: 0, FAIL: 1, INVALID: 3 };
const LARGEST_CHANCE = 1_000_000;

const print = (text: string) => process.stdout.write(`${text}\n`);
const told = new AbortController();

try {
  process.exit(await main());
} catch (error) {
  // A sentence for what this machine lacks; a stack only for a defect of ours.
  console.error(error instanceof LabError || error instanceof OpsError ? `✗ ${error.message}` : error);
  process.exit(1);
}

function listen(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait: what runs ends with this process.
      if (told.signal.aborted) process.exit(INTERRUPTED);
      print("stopping everything; once more ends at once");
      told.abort();
    });
  }
}

async function main(): Promise<number> {
  let asked: Arguments;
  try {
    asked = readArguments(process.argv.slice(2), FAULTS, () => Math.floor(Math.random() * LARGEST_CHANCE), isRoot());
  } catch (error) {
    console.error(refusal(error, HELP));
    return 2;
  }
  if (asked.help) print(HELP);
  else if (asked.list)
    for (const { name, says, needs } of FAULTS) print(`${name.padEnd(24)} ${says}${needs ? " (root)" : ""}`);
  else return start(asked);
  return 0;
}

async function start(asked: Arguments): Promise<number> {
  const needsRoot = asked.faults.some(({ needs }) => needs === "root");
  return needsRoot && !asked.dryRun && !hasOwnNamespace() ? inOwnNamespace() : run(asked);
}

async function run({ seed, runs, minutes, rate, faults, leftOut, out, dryRun }: Arguments): Promise<number> {
  const schedules = Array.from({ length: runs }, (_, place) => drawSchedule(seed + place, minutes, faults));
  if (leftOut.length > 0) print(`left out, because this process is not root: ${leftOut.join(", ")}`);
  if (!dryRun) listen();
  if (hasOwnNamespace()) watchFirstRun(() => told.abort());
  const results: Result[] = [];
  for (const schedule of schedules) {
    print(`seed ${schedule.seed}, ${minutes} min, ${schedule.planned.length} faults:`);
    for (const line of scheduleLines(schedule)) print(line);
    if (dryRun) continue;
    const result = await runSeed({
      ...{ schedule, faults, rate, print, signal: told.signal },
      directory: await folderOf(schedule.seed, out, runs),
    });
    if (result === undefined) return INTERRUPTED;
    print(`\n${resultText(result)}\n`);
    results.push(result);
  }
  if (runs > 1 && !dryRun) print(runsText(results, FAULTS));
  const outcomes = new Set(results.map(({ outcome }) => outcome));
  return outcomes.has("FAIL") ? CODES.FAIL : outcomes.has("INVALID") ? CODES.INVALID : CODES.PASS;
}

async function folderOf(seed: number, out: string | undefined, runs: number): Promise<string> {
  if (out === undefined) return mkdtemp(join(tmpdir(), `tandem-chaos-${seed}-`));
  return runs === 1 ? resolve(out) : resolve(out, String(seed));
}

function isRoot(): boolean {
  return process.platform === "linux" && userInfo().uid === 0;
}
