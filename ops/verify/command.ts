/** `tandem verify`: how it is asked, how often, and how the answer is shown. */
import { setTimeout as pause } from "node:timers/promises";
import { openAdmin, openDoor, openLog, openStore, type Door, wordsOf } from "@tandem/runtime/admin";
import type { Command, Surroundings } from "../command.ts";
import { natsServersOf, neededDatabaseUrl } from "../addresses.ts";
import { readTopology } from "../topology.ts";
import { readArguments, type Arguments } from "./arguments.ts";
import { withFloor } from "./liveness.ts";
import { createVerifyMetrics, type VerifyMetrics } from "./metrics.ts";
import { reportText } from "./report-text.ts";
import type { Report } from "./verdict.ts";

const HELP = `Says whether the books of a running system balance: that nothing is lost, doubled, out of order or unaccounted for,
and what its services say of their own invariants. It reads, and changes nothing. docs/verify.md tells what each means.

  tandem verify [--topology FILE] [--json] [--grace SECONDS] [--floor N] [--watch [SECONDS] [--metrics-port PORT]]

  --topology FILE       what codegen wrote; default generated/topology.json
  --json                as JSON; with --watch one line each time
  --grace SECONDS       what is younger is in flight, and no violation; default 30
  --floor N             also that the streams hold at least N events and none is on its way (I15)
  --watch [SECONDS]     again and again until told to stop, with so long between; default 60
  --metrics-port PORT   serves gauges of the violations at /metrics meanwhile; 0 takes a free port

  NATS_URL              the server; default nats://127.0.0.1:4222
  DATABASE_URL          a role that may read the services' schemas: the administrator's, or tandem_steward's
  HTTP_HOST             where the metrics are served; default 127.0.0.1

Exit codes: 0 all hold; 1 something does not, or it did not work; 2 the arguments are wrong.
`;

export const verifyCommand: Command = {
  help: HELP,
  run: async (argv, surroundings) => run(readArguments(argv), surroundings),
};

async function run(asked: Arguments, surroundings: Surroundings): Promise<number> {
  const { env, print, whenTold } = surroundings;
  const look = await lookerOf(asked, env);
  if (asked.watchMs === undefined) {
    const report = await look(undefined);
    print(asked.json ? JSON.stringify(report, null, 2) : reportText(report));
    return report.holds ? 0 : 1;
  }
  const signal = whenTold?.() ?? new AbortController().signal;
  const metrics = createVerifyMetrics();
  const door = asked.metricsPort === undefined ? undefined : await serve(asked.metricsPort, metrics, env);
  try {
    if (door !== undefined && !asked.json) print(`metrics at ${door.url}/metrics`);
    return await repeat(look, asked, { print, metrics, signal });
  } finally {
    await door?.close();
  }
}

/** A function that verifies once, over connections of its own: between two looks servers may come and go. */
async function lookerOf(
  { topology: path, graceMs, floor }: Arguments,
  env: Surroundings["env"],
): Promise<(signal: AbortSignal | undefined) => Promise<Report>> {
  const topology = readTopology(path);
  const databaseUrl = neededDatabaseUrl(env, "the books are there");
  const servers = natsServersOf(env);
  // Compiling schemas takes a while to load, and --help does without.
  const [{ schemasBeside }, { verify }] = await Promise.all([
    import("../dead-letters/schemas.ts"),
    import("./verify.ts"),
  ]);
  const schemas = schemasBeside(path);
  return async (signal) => {
    const admin = await openAdmin({ servers, name: "tandem verify", ...(signal !== undefined && { signal }) });
    const store = openStore(databaseUrl, { readOnly: true });
    try {
      const report = await verify({ topology, admin, store, schemas, graceMs, now: Date.now, signal });
      return floor === undefined ? report : withFloor(report, floor);
    } finally {
      await Promise.all([admin.close(), store.close()]);
    }
  };
}

/** Answers the exit code of the last look that was finished. */
async function repeat(
  look: (signal: AbortSignal) => Promise<Report>,
  { watchMs = 0, json }: Pick<Arguments, "watchMs" | "json">,
  { print, metrics, signal }: Pick<Surroundings, "print"> & { metrics: VerifyMetrics; signal: AbortSignal },
): Promise<number> {
  let code = 1;
  while (!signal.aborted) {
    try {
      const report = await look(signal);
      metrics.verified(report);
      code = report.holds ? 0 : 1;
      print(json ? JSON.stringify(report) : reportText(report));
    } catch (error) {
      if (signal.aborted) break;
      metrics.failed();
      code = 1;
      const problem = wordsOf(error);
      print(json ? JSON.stringify({ at: new Date().toISOString(), problem }) : `It did not work: ${problem}`);
    }
    await pause(watchMs, undefined, { signal }).catch(() => undefined);
  }
  return code;
}

async function serve(port: number, metrics: VerifyMetrics, env: Surroundings["env"]): Promise<Door> {
  return openDoor({
    host: env["HTTP_HOST"] || "127.0.0.1",
    port,
    answers: {
      metrics: async () => ({ type: metrics.contentType, text: await metrics.render() }),
      ready: () => Promise.resolve({ ready: true, body: { service: "verify", status: "ready" } }),
    },
    // What it prints is its answer; the lines of a log would stand in it.
    log: openLog({ service: "verify", level: "silent", file: undefined }),
  });
}
