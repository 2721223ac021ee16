/**
 * Tries to refute what is claimed of reliability. Exit code 0 PASS, 1 FAIL, 2 the arguments are wrong, 3 INVALID, 130
 * after Ctrl-C.
 */
import { mkdir, mkdtemp } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Arguments, readArguments, UsageError } from "./arguments.ts";
import { FAULTS } from "./faults/all.ts";
import { hasOwnNamespace, inOwnNamespace, watchFirstRun } from "./namespace.ts";
import type { Outcome } from "./result.ts";
import { resultText } from "./result-text.ts";
import { runChaos } from "./run-chaos.ts";
import { drawSchedule, scheduleLines } from "./schedule.ts";
import { openTimeline } from "./timeline.ts";

const HELP = `Starts the whole system on this machine, breaks it while orders come in, and says whether its books balance.

  npm run chaos -- [--seed N] [--minutes M] [--only FAULT,…] [--rate R] [--out DIR]
  npm run chaos -- --list

  --seed N         what the schedule of faults is drawn from; the same seed gives the same schedule. Default: by chance
  --minutes M      how long orders are sent; default 3
  --only FAULT,…   these faults alone
  --rate R         orders for each second; default 5
  --out DIR        where timeline, logs, ledgers and verdict go; default a new temporary folder
  --list           says what faults there are, and ends
  --dry-run        prints the schedule, and ends

Exit codes: 0 PASS; 1 FAIL, something does not hold; 2 the arguments are wrong; 3 INVALID, nothing was found and too
little happened for that to say anything; 130 after Ctrl-C.
`;

const INTERRUPTED = 130;
const CODES: Readonly<Record<Outcome, number>> = { PASS: 0, FAIL: 1, INVALID: 3 };
const LARGEST_CHANCE = 1_000_000;
const MEND_MS = 10_000;

const print = (text: string) => process.stdout.write(`${text}\n`);
const told = new AbortController();

process.exit(await main());

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
    if (!(error instanceof UsageError) && !(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n\n${HELP}`);
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

async function run({ seed, minutes, rate, faults, leftOut, out, dryRun }: Arguments): Promise<number> {
  const schedule = drawSchedule(seed, minutes, faults);
  print(`seed ${seed}, ${minutes} min, ${schedule.planned.length} faults:`);
  for (const line of scheduleLines(schedule)) print(line);
  if (leftOut.length > 0) print(`left out, because this process is not root: ${leftOut.join(", ")}`);
  if (dryRun) return 0;
  listen();
  if (hasOwnNamespace()) watchFirstRun(() => told.abort());
  const directory = out === undefined ? await mkdtemp(join(tmpdir(), `tandem-chaos-${seed}-`)) : resolve(out);
  await mkdir(directory, { recursive: true });
  print(`artifacts in ${directory}\n`);
  const timeline = openTimeline(join(directory, "timeline.txt"), print);
  for (const line of scheduleLines(schedule)) timeline.note(line);

  const stops: (() => Promise<unknown>)[] = [];
  let code = 1;
  try {
    const onStarted = (stop: () => Promise<unknown>): void => void stops.push(stop);
    const { signal } = told;
    const running = runChaos({ schedule, faults, rate, directory, timeline, signal, onStarted });
    // Told to end, it mends what is broken just now, and what else it waits for need not be waited for.
    const result = await Promise.race([running, aborted(signal).then(async () => delay(MEND_MS, undefined))]);
    code = result === undefined ? INTERRUPTED : CODES[result.outcome];
    if (result !== undefined) print(`\n${resultText(result)}`);
  } catch (error) {
    code = told.signal.aborted ? INTERRUPTED : 1;
    if (!told.signal.aborted) console.error(error);
  }
  // The last that was started first; what stands on others goes before them.
  for (const stop of stops.toReversed()) {
    await stop().catch((error: unknown) => console.error(`✗ ${error instanceof Error ? error.message : error}`));
  }
  return code;
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function isRoot(): boolean {
  return process.platform === "linux" && userInfo().uid === 0;
}
