/** A steward: the advisory net, retention and the reconciler, until told to stop. */
import { setTimeout as pause } from "node:timers/promises";
import { openAdmin, openBroker, openDoor, openStore, type Admin, type Logger, wordsOf } from "@tandem/runtime/admin";
import { holdsDeadLetters } from "../dead-letter-stream.ts";
import { stewardDurable } from "../provision/own-streams.ts";
import { readSystemState } from "../status/system-state.ts";
import type { Topology } from "../topology.ts";
import { createNet } from "./give-up.ts";
import { createHealth } from "./health.ts";
import { createStewardMetrics, type Part } from "./metrics.ts";
import { createLetterCount } from "./open-letters.ts";
import { reconcile } from "./reconcile/reconcile.ts";
import { retain } from "./retention.ts";

/** How a steward runs. */
export interface StewardOptions {
  readonly topology: Topology;
  readonly natsUrls: readonly string[];
  readonly databaseUrl: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly log: Logger;
  /** Stops it. */
  readonly signal: AbortSignal;
  /** How often each part works, milliseconds. */
  readonly intervals?: Partial<StewardIntervals>;
}

/** Milliseconds. */
export interface StewardIntervals {
  readonly retentionMs: number;
  readonly fullWalkMs: number;
  readonly newestWalkMs: number;
  readonly lettersMs: number;
}

const HOUR_MS = 3_600_000;
const INTERVALS: StewardIntervals = {
  retentionMs: HOUR_MS,
  fullWalkMs: HOUR_MS,
  newestWalkMs: 60_000,
  lettersMs: 30_000,
};
const AFTER_FAILURE_MS = 5_000;
/** Advisories at once. */
const CONCURRENCY = 8;
/** How long a scrape waits for what it shows. */
const SCRAPE_LIMIT_MS = 3_000;

/** Runs a steward, and resolves when it was told to stop and has stopped. NATS and PostgreSQL may come and go. */
export async function runSteward(options: StewardOptions): Promise<void> {
  const { topology, natsUrls, databaseUrl, log, signal } = options;
  const intervals = { ...INTERVALS, ...options.intervals };
  const metrics = createStewardMetrics();
  const broker = openBroker({ servers: natsUrls, name: "tandem steward", log, closeLimitMs: 2_000 });
  const store = openStore(databaseUrl);
  let admin: Admin | undefined;
  const durable = stewardDurable(topology);
  let net: ReturnType<typeof broker.subscribe> | undefined;
  const troubles = new Map<Part, string>();
  const health = createHealth({ broker, store, signal, net: () => net, troubles });
  const door = await openDoor({
    host: options.host,
    port: options.port,
    answers: {
      ready: health,
      metrics: async () => {
        metrics.connected(broker.state.kind === "connected");
        if (admin !== undefined) {
          const seen = readSystemState(topology, admin, store).then(metrics.see);
          const late = pause(SCRAPE_LIMIT_MS, undefined, { ref: false });
          await Promise.race([seen, late]).catch((error: unknown) => log.debug({ err: error }, "nothing to show"));
        }
        return { type: metrics.contentType, text: await metrics.render() };
      },
    },
    log,
  });
  log.info({ url: door.url }, "live; starting");

  /** Works again and again until told to stop; after a failure soon. */
  const repeat = async (part: Part, everyMs: number, work: () => Promise<void>): Promise<void> => {
    while (!signal.aborted) {
      let waitMs = everyMs;
      try {
        await work();
        metrics.ran(part, "done");
        troubles.delete(part);
      } catch (error) {
        if (signal.aborted) return;
        waitMs = Math.min(AFTER_FAILURE_MS, everyMs);
        metrics.ran(part, "failed");
        troubles.set(part, wordsOf(error));
        log.warn({ err: error, part, waitMs }, "cannot do its work now; it tries again");
      }
      await pause(waitMs, undefined, { signal }).catch(() => undefined);
    }
  };
  let opening: Promise<Admin> | undefined;
  /** One for all parts, whoever asks first. */
  const connected = async (): Promise<Admin> => {
    const mine = (opening ??= openAdmin({ servers: natsUrls, name: "tandem steward", signal }));
    try {
      admin = await mine;
      return admin;
    } catch (error) {
      if (opening === mine) opening = undefined;
      throw error;
    }
  };

  /** The admin as soon as there is one: without it no message could be looked up. */
  const untilConnected = async (): Promise<Admin | undefined> => {
    while (!signal.aborted) {
      try {
        return await connected();
      } catch (error) {
        troubles.set("advisories", wordsOf(error));
        await pause(1_000, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  };
  const startNet = async (): Promise<void> => {
    const looking = await untilConnected();
    if (looking === undefined) return;
    troubles.delete("advisories");
    const onOutcome = metrics.advisory;
    const onDelivery = createNet({ topology, admin: looking, broker, store, log, now: Date.now, onOutcome });
    net = broker.subscribe(
      {
        stream: durable.stream,
        durable: durable.name,
        concurrency: CONCURRENCY,
        ackWaitMs: durable.settings.ackWaitMs,
      },
      onDelivery,
    );
  };

  const walked = new Map<string, { to: number; fullAt: number }>();
  const walk = async (): Promise<void> => {
    const dependencies = { topology, admin: await connected(), broker, store, log, signal };
    for (const stream of topology.streams.filter((candidate) => !holdsDeadLetters(candidate))) {
      const before = walked.get(stream.name);
      const full = before === undefined || Date.now() - before.fullAt >= intervals.fullWalkMs;
      const result = await reconcile(dependencies, stream, full ? undefined : before.to);
      const fullAt = result.kind === "full" ? Date.now() : (before?.fullAt ?? 0);
      walked.set(stream.name, { to: result.lastSequence, fullAt });
      metrics.reconciled(result);
      if (result.mended + result.found + result.missing > 0) log.warn({ result }, "the stream had lost messages");
      if (result.ghosts.length > 0) log.warn({ result }, "messages on the stream that no service published");
    }
  };
  const sweep = async (): Promise<void> => {
    for (const { service, done, problem } of await retain(store, topology)) {
      if (problem !== undefined) throw new Error(`${service}: ${problem}`);
      if (done !== undefined) log.info({ of: service, ...done }, "history is in order");
    }
  };
  const countOpen = createLetterCount(topology);
  const countLetters = async (): Promise<void> => {
    const open = await countOpen(await connected());
    if (open !== undefined) metrics.lettersCounted(open);
  };
  const parts = Promise.all([
    startNet(),
    repeat("retention", intervals.retentionMs, sweep),
    repeat("reconciler", Math.min(intervals.newestWalkMs, intervals.fullWalkMs), walk),
    repeat("letters", intervals.lettersMs, countLetters),
  ]);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  log.info("stopping");
  await net?.stop();
  await parts;
  await broker.close();
  await Promise.all([admin?.close(), store.close()]);
  await door.close();
  log.info("stopped");
}
