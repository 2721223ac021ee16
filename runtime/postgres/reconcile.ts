/** Rows of the history beside the stream that they are on: what a reconciler asks a service's schema. */
import { failpoint } from "../failpoint.ts";
import type { Queryable } from "./database.ts";

/** Where a published row says that its versions are. */
export interface PublishedPlaces {
  readonly id: string;
  readonly key: string;
  readonly eventId: string;
  /** Of each pinned version, in their order. */
  readonly subjects: readonly string[];
  /** Of each pinned version, in their order. */
  readonly sequences: readonly number[];
  /** Whether it was published longer ago than asked for: the stream may have let go of it. */
  readonly old: boolean;
  /** Whether some published version could not say it, and is none of the pinned ones. */
  readonly hasGaps: boolean;
}

/** Sequences of a stream, both included. */
export interface SequenceRange {
  readonly from: number;
  readonly to: number;
}

interface PlacesColumns {
  id: string;
  key: string;
  event_id: string;
  subjects: string[];
  stream_sequences: string[];
  old: boolean;
  has_gaps: boolean;
}

const PLACES = `
  select id, key, event_id, stream_sequences,
         array(select pinned ->> 'subject' from json_array_elements(versions) with ordinality as of (pinned, place)
                order by place) as subjects,
         published_at < now() - $2::float8 * interval '1 millisecond' as old,
         unrepresentable is not null as has_gaps
    from tandem_published`;

/** Longer than anything lasts: the limit where a stream keeps for ever, milliseconds. */
export const FOR_EVER_MS = 1e14;

/** The published rows whose first version lies in the range, in the order of the stream. */
export async function publishedBetween(
  database: Queryable,
  stream: string,
  { from, to }: SequenceRange,
  keptForMs: number = FOR_EVER_MS,
): Promise<PublishedPlaces[]> {
  const found = await database.query<PlacesColumns>(
    `${PLACES} where stream = $1 and first_sequence between $3 and $4 order by first_sequence, id`,
    [stream, keptForMs, from, to],
  );
  return found.rows.map(toPlaces);
}

/** The published rows of some events, in whichever stream: at most a few each. */
export async function publishedOf(
  database: Queryable,
  stream: string,
  eventIds: readonly string[],
  keptForMs: number = FOR_EVER_MS,
): Promise<PublishedPlaces[]> {
  const found = await database.query<PlacesColumns>(`${PLACES} where stream = $1 and event_id = any($3::text[])`, [
    stream,
    keptForMs,
    eventIds,
  ]);
  return found.rows.map(toPlaces);
}

/**
 * Which of the events a service knows: waiting in its outbox or published. One look at both tables, for a row moves
 * from the one to the other in one transaction.
 */
export async function knownEvents(database: Queryable, eventIds: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await database.query<{ event_id: string }>(
    `select event_id from tandem_outbox where event_id = any($1::text[])
     union
     select event_id from tandem_published where event_id = any($1::text[])`,
    [eventIds],
  );
  return new Set(found.rows.map(({ event_id }) => event_id));
}

/** The least place from a sequence on that a row names, and the greatest; undefined where there is none. */
export async function publishedRange(
  database: Queryable,
  stream: string,
  from: number,
): Promise<SequenceRange | undefined> {
  const found = await database.query<{ least: string | null; greatest: string | null }>(
    `select (select first_sequence from tandem_published where stream = $1 and first_sequence >= $2
              order by first_sequence limit 1) as least,
            (select first_sequence from tandem_published where stream = $1 and first_sequence >= $2
              order by first_sequence desc limit 1) as greatest`,
    [stream, from],
  );
  const { least = null, greatest = null } = found.rows[0] ?? {};
  return least === null || greatest === null ? undefined : { from: Number(least), to: Number(greatest) };
}

/** A row that is now somewhere else in its stream. */
export interface MovedRow {
  readonly id: string;
  readonly eventId: string;
  /** Where it was thought to be. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  /** When the stream stored it there, milliseconds since the epoch. */
  readonly storedAt: number;
}

/**
 * Notes where the stream has a row now; false when somebody else noted another place meanwhile. The row is as old as
 * its youngest version on the stream, so that it is kept as long as the stream keeps that.
 */
export async function recordMove(database: Queryable, row: MovedRow): Promise<boolean> {
  FAILPOINT: failpoint("after-mend-before-record");
  const moved = await database.query(
    `update tandem_published
        set stream_sequences = $4::bigint[], first_sequence = (select min(place) from unnest($4::bigint[]) as place),
            published_at = greatest(published_at, least(now(), to_timestamp($5::float8 / 1000)))
      where event_id = $1 and id = $2 and stream_sequences = $3::bigint[]`,
    [row.eventId, row.id, row.from, row.to, row.storedAt],
  );
  return moved.rowCount === 1;
}

function toPlaces(row: PlacesColumns): PublishedPlaces {
  return {
    id: row.id,
    key: row.key,
    eventId: row.event_id,
    subjects: row.subjects,
    sequences: row.stream_sequences.map(Number),
    old: row.old,
    hasGaps: row.has_gaps,
  };
}
