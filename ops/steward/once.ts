/** Everything that a steward does, once. */
import { setTimeout as pause } from "node:timers/promises";
import {
  openAdmin,
  openBroker,
  openStore,
  type Admin,
  type Broker,
  type Logger,
  type Store,
  wordsOf,
} from "@tandem/runtime/admin";
import { holdsDeadLetters } from "../dead-letter-stream.ts";
import { stewardDurable } from "../provision/own-streams.ts";
import { readSystemState, type SystemState } from "../status/system-state.ts";
import type { Topology } from "../topology.ts";
import { createNet, type AdvisoryOutcome } from "./give-up.ts";
import { reconcile } from "./reconcile/reconcile.ts";
import type { Reconciled } from "./reconcile/reconciled.ts";
import { retain, type RetainedService } from "./retention.ts";

/** A walk that was not finished, and why. */
export interface FailedWalk {
  readonly stream: string;
  readonly problem: string;
}

/** What one round did. */
export interface StewardReport {
  /** Advisories by what became of them. */
  readonly advisories: Readonly<Partial<Record<AdvisoryOutcome, number>>>;
  /** Why the advisories could not be read, in words. */
  readonly advisoryProblem?: string;
  readonly retained: readonly RetainedService[];
  readonly reconciled: readonly (Reconciled | FailedWalk)[];
  readonly state: SystemState;
}

/** Where everything is. */
export interface OnceOptions {
  readonly topology: Topology;
  readonly natsUrls: readonly string[];
  readonly databaseUrl: string;
  readonly log: Logger;
}

interface Connections {
  readonly topology: Topology;
  readonly admin: Admin;
  readonly broker: Broker;
  readonly store: Store;
  readonly log: Logger;
}

/** How often it is asked whether any advisory is left. */
const POLL_MS = 100;
/** Advisories at once. */
const CONCURRENCY = 8;
const START_LIMIT_MS = 10_000;

/**
 * Runs every part once.
 *
 * @throws `BROKER_UNREACHABLE`, `DATABASE_DOWN`
 */
export async function runOnce({ topology, natsUrls, databaseUrl, log }: OnceOptions): Promise<StewardReport> {
  const admin = await openAdmin({ servers: natsUrls, name: "tandem steward --once" });
  const broker = openBroker({ servers: natsUrls, name: "tandem steward --once", log, closeLimitMs: 2_000 });
  const store = openStore(databaseUrl);
  const connections = { topology, admin, broker, store, log };
  try {
    const net = await handleWaiting(connections);
    const retained = await retain(store, topology);
    const reconciled: StewardReport["reconciled"][number][] = [];
    for (const stream of topology.streams.filter((candidate) => !holdsDeadLetters(candidate))) {
      reconciled.push(
        await reconcile(connections, stream).catch((error: unknown) => ({
          stream: stream.name,
          problem: wordsOf(error),
        })),
      );
    }
    return { ...net, retained, reconciled, state: await readSystemState(topology, admin, store) };
  } finally {
    await broker.close();
    await Promise.all([admin.close(), store.close()]);
  }
}

/** Whether a round left nothing that somebody has to look after. Ghosts are for a person to judge. */
export function isInOrder({ advisories, advisoryProblem, retained, reconciled }: StewardReport): boolean {
  return (
    advisoryProblem === undefined &&
    (advisories.postponed ?? 0) === 0 &&
    retained.every(({ problem }) => problem === undefined) &&
    reconciled.every((result) => "missing" in result && result.missing === 0)
  );
}

/** Handles the advisories that wait now, those in another steward's hands left out. */
async function handleWaiting(connections: Connections): Promise<Pick<StewardReport, "advisories" | "advisoryProblem">> {
  const { topology, admin, broker } = connections;
  const { stream, name, settings } = stewardDurable(topology);
  const advisories: Partial<Record<AdvisoryOutcome, number>> = {};
  const onOutcome = (outcome: AdvisoryOutcome): void => {
    advisories[outcome] = (advisories[outcome] ?? 0) + 1;
  };
  if ((await admin.durable(stream, name)) === undefined) {
    return {
      advisories,
      advisoryProblem: `durable ${name} of ${stream} does not exist; run \`npm run ops -- provision\``,
    };
  }
  let inHand = 0;
  const handle = createNet({ ...connections, now: Date.now, onOutcome });
  const options = { stream, durable: name, concurrency: CONCURRENCY, ackWaitMs: settings.ackWaitMs };
  const subscription = broker.subscribe(options, async (delivery) => {
    inHand += 1;
    try {
      return await handle(delivery);
    } finally {
      inHand -= 1;
    }
  });
  const startBy = Date.now() + START_LIMIT_MS;
  try {
    for (;;) {
      const { pending = 0 } = (await admin.durable(stream, name)) ?? {};
      if (pending === 0 && inHand === 0) return { advisories };
      const { problem } = subscription;
      if (problem !== undefined && Date.now() > startBy) return { advisories, advisoryProblem: problem };
      await pause(POLL_MS);
    }
  } finally {
    // What is in hand is finished and acknowledged before it resolves.
    await subscription.stop();
  }
}
