/** What a verification asks of the schema of a service. Nothing here changes anything. */
import type { Fact } from "./applied.ts";
import type { Queryable } from "./database.ts";
import { hasRelation } from "./relations.ts";

/** A row that waits in an outbox. */
export interface WaitingRow {
  readonly event: string;
  readonly eventId: string;
  readonly key: string;
  readonly ageSeconds: number;
  /** Why the broker refused it last; undefined where it did not. */
  readonly problem: string | undefined;
}

/** What waits in an outbox, by its age. */
export interface WaitingRows {
  /** Rows within the grace. */
  readonly young: number;
  /** Rows beyond it. */
  readonly old: number;
  /** The oldest of those beyond it. */
  readonly oldest: readonly WaitingRow[];
}

/** Counts what waits in the outbox, and names up to `limit` rows that have waited for longer than the grace. */
export async function waitingRows(database: Queryable, graceMs: number, limit: number): Promise<WaitingRows> {
  const { rows } = await database.query<{ young: string; old: string; oldest: WaitingColumns[] | null }>(
    `with aged as (
       select event, event_id, key, created_at, last_error,
              created_at < now() - $1::float8 * interval '1 millisecond' as old
         from tandem_outbox)
     select count(*) filter (where not old) as young, count(*) filter (where old) as old,
            (select json_agg(named) from (
               select event, event_id, key, last_error, extract(epoch from now() - created_at)::float8 as age
                 from aged where old order by created_at limit $2) as named) as oldest
       from aged`,
    [graceMs, limit],
  );
  const [counted] = rows;
  return {
    young: Number(counted?.young ?? 0),
    old: Number(counted?.old ?? 0),
    oldest: (counted?.oldest ?? []).map(({ event, event_id, key, last_error, age }) => ({
      ...{ event, eventId: event_id, key, ageSeconds: Math.round(age), problem: last_error ?? undefined },
    })),
  };
}

interface WaitingColumns {
  readonly event: string;
  readonly event_id: string;
  readonly key: string;
  readonly last_error: string | null;
  readonly age: number;
}

/** The subjects that the rows of some events pin, waiting or published; nothing of an event that is not known. */
export async function pinnedSubjects(
  database: Queryable,
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { rows } = await database.query<{ event_id: string; subject: string }>(
    // One look at both tables: a row moves from the one to the other in one transaction.
    `with known as (
       select event_id, versions from tandem_outbox where event_id = any($1::text[])
       union all
       select event_id, versions from tandem_published where event_id = any($1::text[]))
     select event_id, pinned ->> 'subject' as subject from known, json_array_elements(versions) as pinned`,
    [eventIds],
  );
  const subjects = new Map<string, Set<string>>();
  for (const { event_id, subject } of rows) subjects.set(event_id, (subjects.get(event_id) ?? new Set()).add(subject));
  return subjects;
}

/** The correlation ids of events that a service published, is about to, or applied. */
export async function knownCauses(
  database: Queryable,
  eventIds: readonly string[],
): Promise<readonly { readonly eventId: string; readonly correlationId: string }[]> {
  const { rows } = await database.query<{ event_id: string; correlation_id: string }>(
    `select event_id, correlation_id from tandem_outbox where event_id = any($1::text[])
     union select event_id, correlation_id from tandem_published where event_id = any($1::text[])
     union select event_id, correlation_id from tandem_inbox where event_id = any($1::text[])`,
    [eventIds],
  );
  return rows.map(({ event_id, correlation_id }) => ({ eventId: event_id, correlationId: correlation_id }));
}

/** Facts asked for at once. */
const AT_ONCE = 1_000;

/** What a service made of facts: applied, or parked for the turn of their key. Answers the objects that it was given. */
export async function settledFacts<F extends Fact>(
  database: Queryable,
  service: string,
  facts: readonly F[],
): Promise<ReadonlyMap<F, "applied" | "parked">> {
  const settled = new Map<F, "applied" | "parked">();
  const parked = `select event, event_id, 'parked' as state from tandem_parked join asked using (event, event_id)
                   where service = $1 union all`;
  // The service may be of a release that parks nothing.
  const orParked = (await hasRelation(database, "tandem_parked")) ? parked : "";
  for (let from = 0; from < facts.length; from += AT_ONCE) {
    const asked = facts.slice(from, from + AT_ONCE);
    // One look at both tables: an event leaves the one in the transaction that writes it into the other.
    const { rows } = await database.query<{ event: string; event_id: string; state: "applied" | "parked" }>(
      `with asked as (select * from unnest($2::text[], $3::text[]) as asked (event, event_id))
       ${orParked}
       select event, event_id, 'applied' as state from tandem_inbox join asked using (event, event_id)
        where service = $1`,
      [service, asked.map(({ event }) => event), asked.map(({ eventId }) => eventId)],
    );
    const states = new Map(rows.map(({ event, event_id, state }) => [JSON.stringify([event, event_id]), state]));
    for (const fact of asked) {
      const state = states.get(JSON.stringify([fact.event, fact.eventId]));
      if (state !== undefined) settled.set(fact, state);
    }
  }
  return settled;
}

/** A row of the inbox. */
export interface AppliedRow extends Fact {
  readonly service: string;
  readonly stream: string;
  readonly streamSequence: number;
  /** As the database writes it, so that no digit is lost. */
  readonly appliedAt: string;
}

/** Rows of the inbox by event id, up to `limit` after another one: rows of one fact come one after the other. */
export async function inboxPage(
  database: Queryable,
  after: AppliedRow | undefined,
  limit: number,
): Promise<readonly AppliedRow[]> {
  const { rows } = await database.query<{
    service: string;
    event: string;
    event_id: string;
    stream: string;
    stream_sequence: string;
    applied_at: string;
  }>(
    `select service, event, event_id, stream, stream_sequence, applied_at::text
       from tandem_inbox
      where (event_id, event, service, applied_at) > ($1, $2, $3, $4::timestamptz)
      order by event_id, event, service, tandem_inbox.applied_at
      limit $5`,
    [after?.eventId ?? "", after?.event ?? "", after?.service ?? "", after?.appliedAt ?? "-infinity", limit],
  );
  return rows.map(({ service, event, event_id, stream, stream_sequence, applied_at }) => ({
    ...{ service, event, eventId: event_id, stream, streamSequence: Number(stream_sequence), appliedAt: applied_at },
  }));
}

/** One event that was applied after a later one of its key. */
export interface Inversion {
  readonly key: string;
  readonly eventId: string;
  readonly sequence: number;
  /** The later one. */
  readonly after: { readonly eventId: string; readonly sequence: number };
}

/** The order in which a service applied an event, for up to `limit` keys after another one. */
export async function orderPage(
  database: Queryable,
  { service, event }: { readonly service: string; readonly event: string },
  after: string,
  limit: number,
): Promise<{ readonly lastKey: string | undefined; readonly rows: number; readonly inversions: readonly Inversion[] }> {
  const keys = await database.query<{ key: string }>(
    "select distinct key from tandem_inbox where service = $1 and event = $2 and key > $3 order by key limit $4",
    [service, event, after, limit],
  );
  const found = await database.query<{ rows: string; inversions: InversionColumns[] | null }>(
    // Runs of a key hold its lock before they write, so the ids of their transactions are in the order of the runs;
    // applied_at is when a transaction began, which was before it had the lock.
    `with lines as (
       select key, event_id, sequence, lag(event_id) over line as before_id, lag(sequence) over line as before
         from tandem_inbox
        where service = $1 and event = $2 and key = any($3::text[]) and sequence is not null
       window line as (partition by key order by age(xmin) desc, sequence))
     select (select count(*) from lines) as rows,
            (select json_agg(lines) from lines where sequence <= before and event_id <> before_id) as inversions`,
    [service, event, keys.rows.map(({ key }) => key)],
  );
  const [counted] = found.rows;
  return {
    lastKey: keys.rows.at(-1)?.key,
    rows: Number(counted?.rows ?? 0),
    inversions: (counted?.inversions ?? []).map(({ key, event_id, sequence, before_id, before }) => ({
      ...{ key, eventId: event_id, sequence, after: { eventId: before_id, sequence: before } },
    })),
  };
}

interface InversionColumns {
  readonly key: string;
  readonly event_id: string;
  readonly sequence: number;
  readonly before_id: string;
  readonly before: number;
}

/** An invariant that a service checks itself, as its function `tandem_invariants` answers it. */
export interface RegisteredInvariant {
  /** For example `I3`. */
  readonly invariant: string;
  /** What must hold, in words. */
  readonly says: string;
  /** How many things were looked at. */
  readonly checked: number;
  readonly holds: boolean;
  /** What is not as it must be: a list, or one value. */
  readonly detail: unknown;
}

/** What the service says of its own invariants, in one snapshot; nothing where it registers none. */
export async function readInvariants(database: Queryable): Promise<readonly RegisteredInvariant[]> {
  const there = await database.query<{ there: boolean }>(
    "select to_regprocedure('tandem_invariants()') is not null as there",
  );
  if (there.rows[0]?.there !== true) return [];
  const { rows } = await database.query<{
    invariant: string;
    says: string;
    checked: string;
    holds: boolean;
    detail: unknown;
  }>("select invariant, says, checked, holds, detail from tandem_invariants() order by invariant, says");
  return rows.map((row) => ({ ...row, checked: Number(row.checked) }));
}
