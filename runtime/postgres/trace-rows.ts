/** What the tables of one service say of a conversation: what it published, what it applied, how its state changed. */
import type { Queryable } from "./database.ts";
import { hasRelation } from "./relations.ts";

/** One event that the service published, or is about to. */
export interface TracedEvent {
  readonly eventId: string;
  readonly event: string;
  readonly key: string;
  /** Among the events of its key. */
  readonly sequence: number;
  readonly correlationId: string;
  readonly causationId: string;
  readonly occurredAt: Date;
  /** Major versions, newest first. */
  readonly versions: readonly number[];
  /** Undefined while it waits in the outbox. */
  readonly published: { readonly at: Date; readonly stream: string; readonly sequences: readonly number[] } | undefined;
  /** Why the broker refused it last. */
  readonly problem: string | undefined;
}

/** One event that the service applied. */
export interface TracedRun {
  readonly event: string;
  readonly eventId: string;
  readonly version: number;
  readonly key: string;
  readonly correlationId: string;
  readonly stream: string;
  readonly streamSequence: number;
  readonly appliedAt: Date;
  /** Runs of the handler, this one included; undefined where a release applied it that did not say. */
  readonly runs: number | undefined;
  /** The transaction of the run: what else it wrote carries the same. */
  readonly transaction: string;
}

/** One change of the service's own state, as its view `tandem_trace` tells it. */
export interface TracedState {
  /** Of the aggregate that changed. */
  readonly key: string;
  readonly at: Date;
  /** In words, for example `order accepted`. */
  readonly what: string;
  readonly detail: unknown;
  /** The transaction that wrote it; undefined when the view does not say. */
  readonly transaction: string | undefined;
}

/** A message that is not settled and was run before. */
export interface TracedAttempts {
  readonly durable: string;
  readonly streamSequence: number;
  readonly runs: number;
}

/** An event that waits in the service's database for the turn of its key. */
export interface TracedParked {
  readonly event: string;
  readonly eventId: string;
  readonly parkedAt: Date;
}

/** What one service knows. */
export interface TracedRows {
  readonly events: readonly TracedEvent[];
  readonly runs: readonly TracedRun[];
  readonly states: readonly TracedState[];
  readonly parked: readonly TracedParked[];
}

/** Conversations that a subject takes part in, at most: a product is the key of more than anybody reads. */
const MOST_CONVERSATIONS = 100;

/** The correlation ids of what the service knows of a key, a correlation id or an event id. */
export async function findConversations(database: Queryable, subject: string): Promise<readonly string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select distinct correlation_id as id
       from (select correlation_id from tandem_outbox where $1 in (key, correlation_id, event_id)
             union all select correlation_id from tandem_published where correlation_id = $1
             union all select correlation_id from tandem_published where key = $1
             union all select correlation_id from tandem_published where event_id = $1
             union all select correlation_id from tandem_inbox where correlation_id = $1
             union all select correlation_id from tandem_inbox where key = $1
             union all select correlation_id from tandem_inbox where event_id = $1) as known
      limit ${MOST_CONVERSATIONS}`,
    [subject],
  );
  return rows.map(({ id }) => id);
}

/** Everything that the service knows of these conversations. */
export async function readTraceRows(database: Queryable, conversations: readonly string[]): Promise<TracedRows> {
  const events = await readEvents(database, conversations);
  const runs = await readRuns(database, conversations);
  const keys = [...new Set([...events, ...runs].map(({ key }) => key))];
  const parked = await readParkedOf(database, conversations);
  return { events, runs, states: await readStates(database, keys), parked };
}

/** How often messages at these places of a stream were run, where they are not settled. */
export async function readRunsSoFar(
  database: Queryable,
  streamSequences: readonly number[],
): Promise<readonly TracedAttempts[]> {
  if (streamSequences.length === 0) return [];
  const { rows } = await database.query<{ durable: string; stream_sequence: string; runs: number }>(
    "select durable, stream_sequence, runs from tandem_attempts where stream_sequence = any($1)",
    [streamSequences],
  );
  return rows.map(({ durable, stream_sequence: sequence, runs }) => ({
    durable,
    streamSequence: Number(sequence),
    runs,
  }));
}

interface EventColumns {
  readonly event_id: string;
  readonly event: string;
  readonly key: string;
  readonly sequence: string;
  readonly correlation_id: string;
  readonly causation_id: string;
  readonly occurred_at: Date;
  readonly numbers: readonly number[];
  readonly published_at: Date | null;
  readonly stream: string | null;
  readonly stream_sequences: readonly string[] | null;
  readonly last_error: string | null;
}

async function readEvents(database: Queryable, conversations: readonly string[]): Promise<readonly TracedEvent[]> {
  const { rows } = await database.query<EventColumns>(
    `select event_id, event, key, sequence, correlation_id, causation_id, occurred_at, published_at, stream,
            stream_sequences, last_error,
            array(select (version ->> 'version')::integer from json_array_elements(versions) as version) as numbers
       from (select event_id, event, key, sequence, correlation_id, causation_id, occurred_at, versions,
                    null::timestamptz as published_at, null as stream, null::bigint[] as stream_sequences, last_error
               from tandem_outbox where correlation_id = any($1)
             union all
             select event_id, event, key, sequence, correlation_id, causation_id, occurred_at, versions,
                    published_at, stream, stream_sequences, null
               from tandem_published where correlation_id = any($1)) as known
      order by occurred_at, key, sequence`,
    [conversations],
  );
  return rows.map((row) => ({
    eventId: row.event_id,
    event: row.event,
    key: row.key,
    sequence: Number(row.sequence),
    correlationId: row.correlation_id,
    causationId: row.causation_id,
    occurredAt: row.occurred_at,
    versions: row.numbers,
    published:
      row.published_at === null
        ? undefined
        : { at: row.published_at, stream: row.stream ?? "", sequences: (row.stream_sequences ?? []).map(Number) },
    problem: row.last_error ?? undefined,
  }));
}

async function readRuns(database: Queryable, conversations: readonly string[]): Promise<readonly TracedRun[]> {
  const { rows } = await database.query<{
    event: string;
    event_id: string;
    version: number;
    key: string;
    correlation_id: string;
    stream: string;
    stream_sequence: string;
    applied_at: Date;
    runs: number | null;
    transaction: string;
  }>(
    // As JSON: the service may be of a release whose table lacks the column.
    `select event, event_id, version, key, correlation_id, stream, stream_sequence, applied_at,
            (to_jsonb(inbox) ->> 'runs')::integer as runs, xmin::text as transaction
       from tandem_inbox as inbox where correlation_id = any($1) order by applied_at`,
    [conversations],
  );
  return rows.map((row) => ({
    event: row.event,
    eventId: row.event_id,
    version: row.version,
    key: row.key,
    correlationId: row.correlation_id,
    stream: row.stream,
    streamSequence: Number(row.stream_sequence),
    appliedAt: row.applied_at,
    runs: row.runs ?? undefined,
    transaction: row.transaction,
  }));
}

/** The service may be of a release that parks nothing. */
async function readParkedOf(database: Queryable, conversations: readonly string[]): Promise<readonly TracedParked[]> {
  if (!(await hasRelation(database, "tandem_parked"))) return [];
  const { rows } = await database.query<{ event: string; event_id: string; parked_at: Date }>(
    "select event, event_id, parked_at from tandem_parked where correlation_id = any($1)",
    [conversations],
  );
  return rows.map(({ event, event_id, parked_at }) => ({ event, eventId: event_id, parkedAt: parked_at }));
}

interface StateColumns {
  readonly key: string;
  readonly at: Date;
  readonly what: string;
  readonly detail: unknown;
  readonly transaction: string | null;
}

/** A service need not have the view. */
async function readStates(database: Queryable, keys: readonly string[]): Promise<readonly TracedState[]> {
  if (!(await hasRelation(database, "tandem_trace"))) return [];
  const { rows } = await database.query<StateColumns>(
    `select key, at, what, detail, transaction from tandem_trace
      where key = any($1) order by at`,
    [keys],
  );
  return rows.map(({ transaction, ...state }) => ({ ...state, transaction: transaction ?? undefined }));
}
