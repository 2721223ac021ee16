/** Rows of the outbox as the relay takes and marks them. */
import type { Transaction } from "../handler.ts";
import type { Queryable } from "./database.ts";

/** One version of an outbox row, as it was pinned. */
export interface RowVersion {
  readonly version: number;
  readonly type: string;
  readonly subject: string;
  /** Absent when the release that wrote the row named none. */
  readonly dataschema?: string;
  /** The sequence of the event of the same name before it, for its key; 0 for the first. Absent when the release that wrote the row named none. */
  readonly previous?: number;
  readonly body: unknown;
}

/** A version that cannot say the event of a row, as it was pinned. */
export interface RowGap {
  readonly version: number;
  readonly type: string;
  /** The event's channel key. */
  readonly channel: string;
  readonly policy: "skip-and-count" | "dead-letter";
  /** The version that was written. */
  readonly said: number;
}

/** One event that is not on the stream yet. */
export interface OutboxRow {
  readonly id: string;
  readonly key: string;
  readonly sequence: number;
  readonly event: string;
  readonly eventId: string;
  readonly occurredAt: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceparent: string | undefined;
  /** Newest first. */
  readonly versions: readonly RowVersion[];
  readonly unrepresentable: readonly RowGap[];
  /** How often the broker refused it. */
  readonly attempts: number;
}

/** Where the stream has a row: one sequence for each pinned version, in their order. */
export interface StoredRow {
  readonly row: OutboxRow;
  readonly stream: string;
  readonly sequences: readonly number[];
}

/** How much is waiting. */
export interface OutboxBacklog {
  /** At most 10,000: counting further would cost more than it tells. */
  readonly rows: number;
  readonly oldestAgeSeconds: number;
  /** Rows that the broker refused at least once. */
  readonly refused: number;
}

/** What is read of a row. */
export interface ClaimedColumns {
  id: string;
  key: string;
  sequence: string;
  event: string;
  event_id: string;
  occurred_at: Date;
  correlation_id: string;
  causation_id: string;
  traceparent: string | null;
  versions: RowVersion[];
  unrepresentable: RowGap[] | null;
  attempts: number;
}

/** Rows of one key that one claim takes. */
const LONGEST_CHAIN = 32;

/**
 * Heads of their keys that are due, each with the rows behind it: `$1` rows in all, `$2` of one key.
 *
 * The earliest row of a key is looked up by a subquery and not by `not exists`: that would be a join, and
 * statistics from a time when the outbox was empty make a join walk the whole of it for each row.
 */
export const CLAIM = `
  with head as (
    select key, sequence
      from tandem_outbox as candidate
     where next_attempt_at <= now()
       and sequence = (select sequence from tandem_outbox as earliest
                        where key = candidate.key
                        order by sequence limit 1)
     order by next_attempt_at
     limit $1
       for update of candidate skip locked)
  select row.*
    from head cross join lateral (
         select id, key, sequence, event, event_id, occurred_at, correlation_id, causation_id, traceparent,
                versions, unrepresentable, attempts
           from tandem_outbox
          where key = head.key and sequence >= head.sequence
          order by sequence
          limit $2) as row
   order by row.id
   limit $1`;

/**
 * Takes up to `limit` rows that may go now. Those that wait longest come first.
 *
 * For each key the earliest row is locked, if it is due and not in another relay's hands, and the rows
 * behind it come with it: nobody else can take them while it is there. So the rows of one
 * key are in the hands of one relay at any time, in all processes together; publish them one after the
 * other and their order is the order of the commits.
 */
export async function claimRows(tx: Transaction, limit: number): Promise<OutboxRow[]> {
  const claimed = await tx.query<ClaimedColumns>({
    name: "tandem-claim",
    text: CLAIM,
    values: [limit, LONGEST_CHAIN],
  });
  return claimed.rows.map(toOutboxRow);
}

/** A row as it was written. */
export function toOutboxRow(columns: ClaimedColumns): OutboxRow {
  return {
    id: columns.id,
    key: columns.key,
    sequence: Number(columns.sequence),
    event: columns.event,
    eventId: columns.event_id,
    occurredAt: columns.occurred_at.toISOString(),
    correlationId: columns.correlation_id,
    causationId: columns.causation_id,
    traceparent: columns.traceparent ?? undefined,
    versions: columns.versions,
    unrepresentable: columns.unrepresentable ?? [],
    attempts: columns.attempts,
  };
}

/** Moves the rows to those that are published, with the places where the stream has them. */
export async function markPublished(tx: Transaction, stored: readonly StoredRow[]): Promise<void> {
  if (stored.length === 0) return;
  await tx.query({
    name: "tandem-published",
    text: `with gone as (
             delete from tandem_outbox as waiting
              using unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[])
                    as stored (id, stream, sequences, first_sequence)
              where waiting.id = stored.id
              returning waiting.*, stored.stream, stored.sequences, stored.first_sequence)
           insert into tandem_published
             (id, key, sequence, event, event_id, occurred_at, correlation_id, causation_id, traceparent, versions,
              unrepresentable, created_at, attempts, published_at, stream, stream_sequences, first_sequence)
           select id, key, sequence, event, event_id, occurred_at, correlation_id, causation_id, traceparent, versions,
                  unrepresentable, created_at, attempts, now(), stream, sequences::bigint[], first_sequence
             from gone`,
    values: [
      stored.map(({ row }) => row.id),
      stored.map(({ stream }) => stream),
      stored.map(({ sequences }) => `{${sequences.join(",")}}`),
      stored.map(({ sequences }) => Math.min(...sequences)),
    ],
  });
}

/** Puts a row that the broker refused aside for a while, and the later rows of its key with it. */
export async function markRefused(tx: Transaction, row: OutboxRow, error: string, delayMs: number): Promise<void> {
  await tx.query(
    `update tandem_outbox
        set attempts = attempts + 1, last_error = $2, next_attempt_at = now() + $3 * interval '1 millisecond'
      where id = $1`,
    [row.id, error, delayMs],
  );
}

/**
 * Rows that are due and stand behind one that is not: they are due when that one is. Looks at the first `$1` that are
 * due.
 */
const SET_ASIDE = `
  with walked as materialized (
    select id, key from tandem_outbox where next_attempt_at <= now() order by next_attempt_at limit $1),
  blocked as (
    select candidate.id, head.next_attempt_at
      from walked
           cross join lateral (select next_attempt_at from tandem_outbox as earliest
                                where key = walked.key order by sequence limit 1) as head
           join tandem_outbox as candidate on candidate.id = walked.id
     where head.next_attempt_at > now()
       for update of candidate skip locked)
  update tandem_outbox as row set next_attempt_at = blocked.next_attempt_at from blocked where row.id = blocked.id`;

/**
 * Puts rows aside that wait behind a refused one: a claim would walk past each of them, ten times a second. Answers how
 * many those were.
 */
export async function setAside(database: Queryable, limit: number): Promise<number> {
  const { rowCount } = await database.query({ name: "tandem-set-aside", text: SET_ASIDE, values: [limit] });
  return rowCount ?? 0;
}

/** Lets other rows go before these, which the broker did not confirm in time. */
export async function postpone(tx: Transaction, rows: readonly OutboxRow[], delayMs: number): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    "update tandem_outbox set next_attempt_at = now() + $2 * interval '1 millisecond' where id = any($1::bigint[])",
    [rows.map(({ id }) => id), delayMs],
  );
}

/** Whether anything may be waiting: the cheap question of an idle relay. */
export async function hasUnpublished(database: Queryable): Promise<boolean> {
  const found = await database.query({
    name: "tandem-has-unpublished",
    text: "select 1 from tandem_outbox where next_attempt_at <= now() limit 1",
  });
  return found.rowCount !== 0;
}

/** Depth and age of what is waiting. */
export async function readBacklog(database: Queryable): Promise<OutboxBacklog> {
  const counted = await database.query<{ rows: number; oldest: number | null; refused: number }>({
    name: "tandem-backlog",
    text: `select count(*)::integer as rows,
                  extract(epoch from now() - min(created_at))::float8 as oldest,
                  count(*) filter (where attempts > 0)::integer as refused
             from (select created_at, attempts from tandem_outbox
                    order by next_attempt_at limit 10000) as waiting`,
  });
  const { rows = 0, oldest = 0, refused = 0 } = counted.rows[0] ?? {};
  return { rows, oldestAgeSeconds: oldest ?? 0, refused };
}
