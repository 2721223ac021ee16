/** A run: start, orders and faults, heal, drain, judge. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openAdmin, openLog, openStore } from "@tandem/runtime/admin";
import { schemasBeside } from "../../ops/dead-letters/schemas.ts";
import { runOnce } from "../../ops/steward/once.ts";
import type { Report } from "../../ops/verify/verdict.ts";
import { verify } from "../../ops/verify/verify.ts";
import { startProcess } from "../system/process.ts";
import { judge } from "./books/judge.ts";
import { collectBooks } from "./books/collect.ts";
import { NAMED } from "./books/judgement.ts";
import { clearLetters, type Cleared } from "./clear-letters.ts";
import type { Fault } from "./fault.ts";
import { startFleet, TOPOLOGY_FILE, type Fleet } from "./fleet/fleet.ts";
import type { OwnEnd } from "./fleet/member.ts";
import { startKeeper } from "./keeper/keeper.ts";
import { countLogs } from "./log-counts.ts";
import { perform } from "./perform.ts";
import { askAgain } from "./repeat.ts";
import { untilRest } from "./rest.ts";
import type { Result } from "./result.ts";
import type { Schedule } from "./schedule.ts";
import { replayIntoShadow } from "./shadow/shadow.ts";
import { watchStandstill } from "./standstill.ts";
import { dumpStuck } from "./stuck.ts";
import type { Timeline } from "./timeline.ts";

export interface RunOptions {
  readonly schedule: Schedule;
  readonly faults: readonly Fault[];
  /** Orders for each second. */
  readonly rate: number;
  /** Where artifacts go. */
  readonly directory: string;
  readonly timeline: Timeline;
  /** Ends the run early: what was started is stopped all the same. */
  readonly signal: AbortSignal;
  /** Told of everything that must be stopped, as it starts. */
  readonly onStarted: (stop: () => Promise<unknown>) => void;
}

/** How long a fleet may take to come to rest, milliseconds: longer than the deadline of an order. */
const REST_LIMIT_MS = 150_000;
const HEAL_TRIES = 4;

/** Runs it, and answers what was found; undefined when it was ended early. */
export async function runChaos(options: RunOptions): Promise<Result | undefined> {
  const { schedule, faults, rate, directory, timeline, signal, onStarted } = options;
  const keeper = startKeeper();
  onStarted(() => keeper.dismiss());
  const ownEnds: OwnEnd[] = [];
  const fleet = await startFleet({
    directory,
    keeper,
    onStarted,
    onProgress: timeline.say,
    onOwnEnd: (end) => {
      ownEnds.push(end);
      timeline.say(`! ${end.member} ended by itself with ${end.exit.signal ?? `exit code ${end.exit.code}`}`);
    },
  });
  if (signal.aborted) return undefined;
  const intents = join(directory, "intents.jsonl");
  const load = startLoad(fleet, { rate, seconds: schedule.lastsMs / 1_000, intents, directory });
  keeper.keep(load.pid);
  onStarted(() => load.kill());
  // On a busy machine a process may take seconds to start: the time counts from its first order on.
  await load.line((line) => (line.includes("orders a second") ? line : undefined));
  const startedAt = Date.now();
  timeline.start();
  timeline.say(`${rate} orders a second to ${fleet.url}`);
  const atRest = new AbortController();
  const watching = watchStandstill(fleet, directory, timeline, AbortSignal.any([signal, atRest.signal]));
  onStarted(async () => {
    atRest.abort();
    await watching;
  });
  const performed = await perform(fleet, faults, schedule, timeline, signal);
  if (signal.aborted) return undefined;
  await load.exited;

  timeline.say("the orders are sent; everything is healed, and drains");
  const drainedFrom = Date.now();
  const problems = [...performed.failures];
  await healed(fleet);
  const settle = async (when: string): Promise<void> => {
    const moving = await untilRest(fleet, REST_LIMIT_MS, signal);
    if (moving.length === 0 || signal.aborted) return;
    const file = await dumpStuck(fleet, directory, when);
    problems.push(`it did not come to rest in ${REST_LIMIT_MS / 1_000} s: ${moving.join(", ")} (${file})`);
    timeline.say(`✗ ${problems.at(-1)}`);
  };
  await settle("after-the-orders");
  if (signal.aborted) return undefined;
  const cleared = await lookAfter(fleet);
  const repeats = await askAgain(fleet.url, intents);
  await settle("after-the-letters");
  if (signal.aborted) return undefined;
  const drainedInMs = Date.now() - drainedFrom;
  atRest.abort();
  await watching;
  timeline.say(`at rest; ${cleared.discarded} dead letters were discarded, ${cleared.replayed.length} sent back`);
  for (const letter of cleared.replayed) timeline.say(`  sent back: ${letter}`);

  const books = await collectBooks(fleet, intents, ownEnds);
  const report = await verifyFleet(fleet, NAMED);
  const shadow = await replayIntoShadow(fleet, books);
  const lives = [...fleet.replicas, fleet.steward, fleet.gateway.member].reduce((sum, { lives }) => sum + lives, 0);
  const result = judge({
    ...{ seed: schedule.seed, minutes: schedule.lastsMs / 60_000, faults: performed.done, problems, repeats, report },
    ...{ books, shadow, lives, drainedInMs, sentBack: cleared.replayed.length },
    quietUntil: startedAt + schedule.quietMs,
    logs: await countLogs(fleet.replicas.map(({ logFile }) => logFile)),
  });
  await Promise.all([
    writeFile(join(directory, "verify.json"), JSON.stringify(report, null, 2)),
    writeFile(join(directory, "books.json"), JSON.stringify(books, null, 2)),
    writeFile(join(directory, "verdict.json"), JSON.stringify(result, null, 2)),
  ]);
  const failures = await fleet.stopServices();
  for (const failure of failures) timeline.say(`! ${failure}`);
  return result;
}

/** Every process is ready, and the nodes agree: after a partition they may need more than one patience. */
async function healed(fleet: Fleet): Promise<void> {
  await fleet.ready();
  for (let tries = 1; ; tries += 1) {
    try {
      return await fleet.cluster.ready();
    } catch (error) {
      if (tries === HEAL_TRIES) throw error;
    }
  }
}

interface LoadPlan {
  readonly rate: number;
  readonly seconds: number;
  readonly intents: string;
  readonly directory: string;
}

/** Customers come back when they are told to, and not for ever. */
function startLoad({ url }: Fleet, { rate, seconds, intents, directory }: LoadPlan) {
  const sending = ["--url", url, "--rate", String(rate), "--seconds", String(seconds), "--log", intents];
  return startProcess({
    name: "load",
    file: "lab/load/main.ts",
    arguments: [...sending, "--timeout", "5000", "--retries", "3"],
    logFile: join(directory, "load.log"),
  });
}

/** What an operator does when all is well again: the steward's round, and the dead letters. */
async function lookAfter(fleet: Fleet): Promise<Cleared> {
  const { topology, cluster, databaseUrl } = fleet;
  const log = openLog({ service: "chaos", level: "silent", file: undefined });
  await runOnce({ topology, natsUrls: [...cluster.urls], databaseUrl, log });
  return clearLetters(fleet);
}

async function verifyFleet({ topology, cluster, databaseUrl }: Fleet, named: number): Promise<Report> {
  const admin = await openAdmin({ servers: [...cluster.urls], name: "tandem chaos" });
  const store = openStore(databaseUrl, { readOnly: true });
  try {
    const schemas = schemasBeside(TOPOLOGY_FILE);
    return await verify({ topology, admin, store, schemas, graceMs: 0, now: Date.now, named });
  } finally {
    await Promise.all([admin.close(), store.close()]);
  }
}
