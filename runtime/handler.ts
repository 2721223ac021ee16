/** What a handler is given besides the event. */
import type { ClientBase } from "pg";
import type { Logger } from "pino";
import type { Clock } from "./clock.ts";

/** A PostgreSQL client inside an open transaction. The runtime begins, commits and rolls back; never do it yourself. */
export type Transaction = Pick<ClientBase, "query">;

/** What the envelope says of the event in hand. */
export interface EventMeta {
  /** The same for every version and every delivery of one fact. */
  readonly eventId: string;
  /** When the fact happened, ISO 8601. */
  readonly occurredAt: string;
  readonly correlationId: string;
  /** The id of the event or request that caused this one. */
  readonly causationId: string;
  /** Position among the events that its publisher wrote for this key; undefined when the publisher said none. */
  readonly sequence: number | undefined;
  /** The service that published it. */
  readonly source: string;
  /** The value that the event's key points to. */
  readonly key: string;
}

/** Where the event was read, and how often. */
export interface DeliveryInfo {
  readonly stream: string;
  readonly sequence: number;
  readonly subject: string;
  readonly durable: string;
  /** Deliveries of the message so far: 1 on the first. Not every one of them need have run the handler. */
  readonly attempt: number;
  /** Whether the handler may have run for this event before: on every delivery but the first, and on a replay. */
  readonly redelivered: boolean;
}

/**
 * The context of one handler run.
 *
 * The run is one database transaction: the inbox row, everything done through `tx` and every event
 * handed to `publish` commit together or not at all. The handler may run again (a crash after the
 * work and before the commit, a retry), but its committed effect happens once.
 */
export interface HandlerContext<Publish> {
  readonly tx: Transaction;
  /**
   * Writes events to the outbox in this transaction; they are on the stream after the commit. Throws a
   * `TandemError` with code `PAYLOAD_INVALID` at the call when the contract refuses the payload.
   */
  readonly publish: Publish;
  /** Carries service, correlation id, event id, subject, sequence and delivery on every line. */
  readonly log: Logger;
  readonly meta: EventMeta;
  readonly delivery: DeliveryInfo;
  /** The time, for what depends on it. */
  readonly clock: Clock;
  /** Aborts when the process is told to stop and the grace period is over. */
  readonly signal: AbortSignal;
}
