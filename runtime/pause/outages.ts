/** Everything that may be away from a service, and where its deliveries wait for it. */
import type { Logger } from "pino";
import type { Broker } from "../broker.ts";
import type { Breaker } from "../breaker.ts";
import type { Clock } from "../clock.ts";
import type { Dependency } from "../dependency.ts";
import { DependencyDownError } from "../dependency-down.ts";
import { TandemError } from "../errors.ts";
import type { Metrics } from "../metrics.ts";
import { readsOf, type Database } from "../postgres/database.ts";
import { readLeases } from "../postgres/leases.ts";
import { DatabaseOutage } from "./database-outage.ts";
import { DependencyOutage } from "./dependency-outage.ts";
import type { Turn } from "./parking.ts";
import { Pausing, type PausedReader } from "./pausing.ts";

/** What outages need of their service. */
export interface OutagesOptions {
  /** The process, as NATS and PostgreSQL show its connections. */
  readonly instance: string;
  readonly broker: Pick<Broker, "pauses">;
  readonly database: Pick<Database, "background">;
  /** Grows when the service is told of more. */
  readonly dependencies: readonly Dependency[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly stopping: AbortSignal;
}

/** The outages of one service in one process. */
export interface Outages {
  /** Waits for the end of what a run of the event failed of; undefined when nothing is known of it. */
  wait(error: unknown, event: string): Promise<Turn> | undefined;
  /** Adds a durable that is to be paused with its event. */
  reads(reader: PausedReader): void;
  /** Takes over what the other processes of the service know. Never rejects. */
  listen(): Promise<void>;
  /** Each durable, and whether it is paused. */
  paused(): ReturnType<Pausing["list"]>;
}

/** Watches over the dependencies of a service and its database. */
export function createOutages(options: OutagesOptions): Outages {
  const { broker, dependencies, clock, log, metrics, stopping } = options;
  const database = readsOf(options.database.background);
  const known = new Map<Breaker, DependencyOutage>();
  const pausing = new Pausing({ pauses: broker.pauses, clock, log, metrics, onNews: listen });
  const ofDatabase = new DatabaseOutage({ pausing, clock, stopping });

  const outageOf = (breaker: Breaker): DependencyOutage => {
    const outage = known.get(breaker) ?? new DependencyOutage(breaker, shared);
    known.set(breaker, outage);
    return outage;
  };
  const shared = { instance: options.instance, database, pausing, clock, log, stopping, listen };

  async function listen(): Promise<void> {
    for (const { breaker } of dependencies) outageOf(breaker);
    if (known.size === 0 || stopping.aborted) return;
    try {
      const written = new Map([...known.values()].map((outage) => [outage, outage.written]));
      const leases = await readLeases(
        database,
        [...known.keys()].map(({ name }) => name),
      );
      for (const [{ name }, outage] of known) {
        const lease = leases.find((candidate) => candidate.name === name);
        if (lease !== undefined) await outage.hear(lease, written.get(outage) ?? -1);
      }
    } catch (error) {
      // Each process goes on by what it knows itself.
      log.debug({ err: error }, "what the other processes know cannot be read");
    }
  }

  return {
    wait(error, event) {
      if (error instanceof DependencyDownError) return outageOf(error.breaker).wait(event);
      if (error instanceof TandemError && error.code === "DATABASE_DOWN") return ofDatabase.wait(event);
      return undefined;
    },
    reads: (reader) => pausing.add(reader),
    listen,
    paused: () => pausing.list(),
  };
}
