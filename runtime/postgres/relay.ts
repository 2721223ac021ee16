/** The relay: carries what was committed to the outbox onto the streams. */
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "pino";
import type { Broker } from "../broker.ts";
import { oneLine } from "../events/one-line.ts";
import { failpoint } from "../failpoint.ts";
import { within } from "../within.ts";
import type { Database } from "./database.ts";
import {
  claimRows,
  hasUnpublished,
  markPublished,
  markRefused,
  postpone,
  setAside,
  type OutboxRow,
  type RowGap,
} from "./outbox-rows.ts";
import { publishRows } from "./publish-rows.ts";
import { sendVersions, type SendVersions } from "./send-versions.ts";
import { inTransaction } from "./transaction.ts";

/** What a relay needs. */
export interface RelayOptions {
  readonly database: Database;
  readonly broker: Broker;
  /** The service, as `ce-source`. */
  readonly source: string;
  readonly log: Logger;
  /** Whether the versions of one event are stored as one atomic batch. Default false: one after the other. */
  readonly atomicBatches?: boolean;
  /** Called for every version of every row that the stream has, after that was written down. */
  readonly onPublished: (row: OutboxRow, version: number) => void;
  /** Called for every version that cannot say a row, when the others are on the stream. */
  readonly onUnrepresentable: (row: OutboxRow, gap: RowGap) => void;
  /** Called each time the broker refuses a row for good. */
  readonly onRefused: (row: OutboxRow) => void;
}

/**
 * A running relay. Any number may run on one outbox, in one process or in many: a row is in the hands of
 * one of them at a time, the rows of one key go in their order, and a row that was published and not yet
 * marked when its relay died is published again with the same message ids.
 */
export interface Relay {
  /** Looks for new rows now; otherwise it looks ten times a second. */
  wake(): void;
  /** Publishes what is committed, for at most `limitMs`, and ends. Never rejects. */
  stop(limitMs: number): Promise<void>;
}

const INTERVAL_MS = 100;
const BATCH = 256;
/** Rows behind refused ones that one turn looks at. */
const SET_ASIDE_LIMIT = 1_000;
/** How long a claim's transaction waits for acknowledgements. */
const CLAIM_LIMIT_MS = 5_000;
const PAUSE_AFTER_FAILURE_MS = 1_000;
const UNCONFIRMED_DELAY_MS = 1_000;
const FIRST_REFUSAL_DELAY_MS = 1_000;
const LONGEST_REFUSAL_DELAY_MS = 300_000;

/** Starts a relay. */
export function startRelay(options: RelayOptions): Relay {
  const { database, broker, log } = options;
  const send = sendVersions(broker, { atomicBatches: options.atomicBatches ?? false, log });
  let woken = true;
  let stopping = false;
  let failing = false;
  let interruptIdle = (): void => undefined;

  const idle = async (delayMs: number): Promise<void> => {
    const interrupt = new AbortController();
    interruptIdle = () => interrupt.abort();
    await pause(delayMs, undefined, { signal: interrupt.signal }).catch(() => undefined);
  };

  /** One look at the outbox; true when it moved something. */
  const turn = async (): Promise<boolean> => {
    const known = woken;
    woken = false;
    if (broker.state.kind !== "connected") return false;
    if (!known && !(await hasUnpublished(database.background))) return false;
    return (await publishBatch(options, send)) > 0;
  };

  const run = async (): Promise<void> => {
    for (;;) {
      let moved = false;
      try {
        moved = await turn();
        if (failing) log.info("the outbox relay works again");
        failing = false;
      } catch (error) {
        if (!failing) log.warn({ err: error }, "the outbox relay cannot work; it keeps trying");
        failing = true;
      }
      const more = !failing && (moved || woken);
      if (stopping && !more) return;
      if (!more) await idle(failing ? PAUSE_AFTER_FAILURE_MS : INTERVAL_MS);
    }
  };

  const running = run();
  return {
    wake: () => {
      woken = true;
      if (!failing) interruptIdle();
    },
    stop: async (limitMs) => {
      stopping = true;
      woken = true;
      interruptIdle();
      await within(limitMs, running);
    },
  };
}

async function publishBatch(options: RelayOptions, send: SendVersions): Promise<number> {
  const { database, broker, source, log, onPublished, onUnrepresentable, onRefused } = options;
  const { claimed, stored, refused, unconfirmed } = await inTransaction(database.background, async (tx) => {
    const rows = await claimRows(tx, BATCH);
    const outcome = await publishRows(send, source, rows, CLAIM_LIMIT_MS);
    if (outcome.stored.length > 0) {
      FAILPOINT: failpoint("after-puback-before-mark");
    }
    await markPublished(tx, outcome.stored);
    for (const { row, error } of outcome.refused) {
      await markRefused(tx, row, oneLine(error.message, 500), refusalDelay(row.attempts));
    }
    // While the broker is away nothing else could go first.
    if (broker.state.kind === "connected") await postpone(tx, outcome.unconfirmed, UNCONFIRMED_DELAY_MS);
    return { ...outcome, claimed: rows.length };
  });
  // What is due now and was not taken waits behind something.
  if (claimed < BATCH) await setAside(database.background, SET_ASIDE_LIMIT);
  for (const { row } of stored) {
    for (const { version } of row.versions) onPublished(row, version);
    for (const gap of row.unrepresentable) onUnrepresentable(row, gap);
  }
  for (const { row, error } of refused) {
    onRefused(row);
    log.error(
      {
        err: error,
        event: row.event,
        eventId: row.eventId,
        key: row.key,
        correlationId: row.correlationId,
        attempts: row.attempts + 1,
      },
      "the broker refuses an event of the outbox; later events of its key wait behind it",
    );
  }
  if (unconfirmed.length > 0) {
    log.warn(
      { rows: unconfirmed.length },
      "the broker did not confirm events of the outbox in time; they are published again",
    );
  }
  return stored.length;
}

function refusalDelay(attempts: number): number {
  return Math.min(LONGEST_REFUSAL_DELAY_MS, FIRST_REFUSAL_DELAY_MS * 2 ** attempts);
}
