/** The order in which a service stops. */
import type { Logger } from "pino";
import type { Broker, Subscription } from "../broker.ts";
import type { Door } from "../http/door.ts";
import type { Database } from "../postgres/database.ts";
import type { Relay } from "../postgres/relay.ts";
import { LATE, within } from "../within.ts";

/** What there is to stop. */
export interface Stoppable {
  readonly door: Door;
  readonly subscriptions: readonly Subscription[];
  /** Resolves when nothing periodic runs any more. */
  readonly jobs: Promise<unknown>;
  /** Undefined when the service stops before it had one. */
  readonly relay: Relay | undefined;
  readonly broker: Broker;
  readonly database: Database;
  /** What requests and handlers in hand may take, milliseconds. */
  readonly graceMs: number;
  /** Tells what is still in hand after the grace period that nobody waits for it any longer. */
  readonly abandon: () => void;
  readonly log: Logger;
}

/** After the abort signal, for handlers that listen to it. */
const LAST_WORDS_MS = 1_000;
const FLUSH_LIMIT_MS = 5_000;
const CLOSE_LIMIT_MS = 2_000;

/**
 * Stops taking work, lets what is in hand finish, publishes what is committed, and closes. The service
 * has said that it is not ready and has aborted its `stopping` signal before. Never rejects.
 *
 * Nothing is lost when a limit passes: an unfinished delivery comes again after its ack wait, and an
 * unpublished outbox row is published by the next process.
 */
export async function shutDown(parts: Stoppable): Promise<void> {
  const { door, subscriptions, jobs, relay, broker, database, graceMs, abandon, log } = parts;
  // Each stops taking work when it is called, and resolves when what it has in hand is done. A stopped
  // subscription has handed back what it had not started, and its acknowledgements are with the server.
  const done = Promise.all([door.refuse(), ...subscriptions.map(async (subscription) => subscription.stop()), jobs]);
  if ((await within(graceMs, done)) === LATE) {
    log.warn({ graceMs }, "work in hand did not finish in time and is abandoned; what it did is rolled back");
    abandon();
    await within(LAST_WORDS_MS, done);
  }
  await relay?.stop(FLUSH_LIMIT_MS);
  await broker.close();
  await within(CLOSE_LIMIT_MS, database.close());
  await door.close();
}
