/** The runs of messages that were delivered more than once, kept where a crash cannot hide them. */
import type { Transaction } from "../handler.ts";
import type { Queryable } from "./database.ts";

/** One message as one durable sees it. */
export interface AttemptsKey {
  readonly durable: string;
  readonly streamSequence: number;
}

/** The fact that a message carries, where its headers say it. */
export interface FactKey {
  readonly service: string;
  readonly event: string;
  readonly eventId: string | undefined;
}

/** What is known of a message before it runs again. */
export interface RecordedAttempts {
  /** Runs that were started and counted. */
  readonly runs: number;
  /** Starts since the last run that came to an end; undefined when no run of the message was ever written down. */
  readonly unfinished: number | undefined;
  /** Whether its fact was applied: then only the acknowledgement was lost. */
  readonly applied: boolean;
}

/** What is written down of a message, and whether its fact was applied. */
export async function readAttempts(
  database: Queryable,
  { durable, streamSequence }: AttemptsKey,
  { service, event, eventId }: FactKey,
): Promise<RecordedAttempts> {
  const found = await database.query<{ runs: number | null; unfinished: number | null; applied: boolean }>({
    name: "tandem-attempts-read",
    text: `select attempts.runs, attempts.unfinished,
                  exists (select from tandem_inbox where service = $3 and event = $4 and event_id = $5) as applied
             from (values (1)) as one
             left join tandem_attempts as attempts on durable = $1 and stream_sequence = $2`,
    values: [durable, streamSequence, service, event, eventId ?? null],
  });
  const { runs, unfinished, applied = false } = found.rows[0] ?? {};
  return { runs: runs ?? 0, unfinished: unfinished ?? undefined, applied };
}

/** Writes down that a run starts, before it does; answers the runs, this one included. */
export async function recordStart(database: Queryable, { durable, streamSequence }: AttemptsKey): Promise<number> {
  const started = await database.query<{ runs: number }>({
    name: "tandem-attempts-start",
    text: `insert into tandem_attempts (durable, stream_sequence, runs, unfinished) values ($1, $2, 1, 1)
           on conflict (durable, stream_sequence) do update
             set runs = tandem_attempts.runs + 1, unfinished = tandem_attempts.unfinished + 1, touched_at = now()
           returning runs`,
    values: [durable, streamSequence],
  });
  return started.rows[0]?.runs ?? 1;
}

/** Writes down that a run failed: it counts, and its process is well. */
export async function recordFailure(
  database: Queryable,
  { durable, streamSequence }: AttemptsKey,
  runs: number,
): Promise<void> {
  await database.query({
    name: "tandem-attempts-failure",
    text: `insert into tandem_attempts (durable, stream_sequence, runs, unfinished) values ($1, $2, $3, 0)
           on conflict (durable, stream_sequence) do update
             set runs = greatest(tandem_attempts.runs, excluded.runs), unfinished = 0, touched_at = now()`,
    values: [durable, streamSequence, runs],
  });
}

/** Takes a start back that led to no answer, as when something the handler needs was away: it does not count. */
export async function takeStartBack(database: Queryable, { durable, streamSequence }: AttemptsKey): Promise<void> {
  await database.query({
    name: "tandem-attempts-back",
    text: `update tandem_attempts set runs = greatest(0, runs - 1), unfinished = 0, touched_at = now()
            where durable = $1 and stream_sequence = $2`,
    values: [durable, streamSequence],
  });
}

/** Forgets a message that is done: in the transaction that applies it, or when its dead letter is stored. */
export async function forgetAttempts(
  database: Transaction | Queryable,
  { durable, streamSequence }: AttemptsKey,
): Promise<void> {
  await database.query({
    name: "tandem-attempts-forget",
    text: "delete from tandem_attempts where durable = $1 and stream_sequence = $2",
    values: [durable, streamSequence],
  });
}

/**
 * Deletes what nobody touched since: rows whose message ended in a way that could not be written down. Answers how
 * many. Nothing younger than a stream keeps its messages should go: a message that is still to come would start anew.
 */
export async function sweepAttempts(database: Queryable, olderThan: Date): Promise<number> {
  const swept = await database.query("delete from tandem_attempts where touched_at < $1", [olderThan]);
  return swept.rowCount ?? 0;
}
