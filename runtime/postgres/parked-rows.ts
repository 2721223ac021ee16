/** Events that wait for the turn of their key, as the table holds them. */
import type { MessageHeaders } from "../broker.ts";
import type { KeyPlace } from "../events/envelope.ts";
import type { Queryable } from "./database.ts";
import type { Line } from "./key-order.ts";

/** An event that is out of turn, whole. */
export interface ParkedEvent {
  readonly service: string;
  readonly event: string;
  readonly version: number;
  readonly correlationId: string;
  readonly place: KeyPlace & { readonly sequence: number };
  readonly durable: string;
  readonly stream: string;
  readonly streamSequence: number;
  readonly headers: MessageHeaders;
  readonly data: Uint8Array;
}

/**
 * Keeps an event until its turn comes. A second version of one that is kept adds nothing, one that was released
 * and is out of turn again waits again, and one that was applied is not kept.
 */
export async function park(database: Queryable, parked: ParkedEvent): Promise<void> {
  const { place } = parked;
  await database.query({
    name: "tandem-park",
    text: `insert into tandem_parked as parked
             (service, event, key, sequence, previous, event_id, version, correlation_id, durable, stream,
              stream_sequence, headers, data)
           select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
            where not exists (select from tandem_inbox where event_id = $6 and event = $2 and service = $1)
           on conflict (event_id, event, service) do update
             set released_at = null, released_sequence = null
           where parked.released_sequence = excluded.stream_sequence`,
    values: [
      ...[parked.service, parked.event, place.key, place.sequence, place.previous ?? null, place.eventId],
      ...[parked.version, parked.correlationId, parked.durable, parked.stream, parked.streamSequence],
      ...[JSON.stringify(parked.headers), Buffer.from(parked.data)],
    ],
  });
}

/** The first parked event of a key, and how its key stands. */
export interface FirstOfLine {
  readonly event: string;
  readonly key: string;
  readonly eventId: string;
  readonly sequence: number;
  /** 0 when there was none before it; undefined when nobody knows. */
  readonly previous: number | undefined;
  readonly durable: string;
  readonly stream: string;
  readonly streamSequence: number;
  /** Names this time that it is parked: one that is parked again has another. */
  readonly parking: string;
  /** How often it was put back onto the stream this time. */
  readonly releases: number;
  /** Where the stream has it since its last release; undefined when it waits here. */
  readonly releasedSequence: number | undefined;
  /** Whether it was applied, by somebody who did not see that it was being parked. */
  readonly applied: boolean;
  /** Up to where its key was applied. */
  readonly reached: number;
  /** Whether a dead letter stands before it. */
  readonly blocked: boolean;
  /** How long it has been parked. */
  readonly ageMs: number;
}

interface FirstColumns {
  event: string;
  key: string;
  event_id: string;
  sequence: string;
  previous: string | null;
  durable: string;
  stream: string;
  stream_sequence: string;
  parking: string;
  releases: number;
  released_sequence: string | null;
  applied: boolean;
  reached: string;
  blocked: boolean;
  age: number;
}

const FIRST_COLUMNS = `event, key, event_id, sequence, previous, durable, stream, stream_sequence, parking, releases,
  released_sequence,  extract(epoch from now() - parked_at)::float8 * 1000 as age`;

/** Where a walk along the keys goes on. */
export type LinePlace = Pick<Line, "event" | "key">;

/** The first parked events of up to `limit` keys, from behind a place on, or from the beginning. */
export async function firstOfLines(
  database: Queryable,
  service: string,
  after: LinePlace | undefined,
  limit: number,
): Promise<FirstOfLine[]> {
  // One step along the index for each key, however many of it are parked.
  const step = (key: string): string =>
    `(select ${FIRST_COLUMNS} from tandem_parked
       where service = $1 and (event, key) > ${key} order by service, event, key, sequence limit 1)`;
  return readFirst(
    await database.query<FirstColumns>({
      name: "tandem-parked-first",
      text: `with recursive line as (
               ${step("($2, $3)")}
               union all
               select next.* from line cross join lateral ${step("(line.event, line.key)")} as next)
             select *, tandem_key_reached($1, event, key) as reached,
                    tandem_key_is_blocked($1, event, key, tandem_key_reached($1, event, key), sequence) as blocked,
                    exists (select from tandem_inbox
                             where event_id = first.event_id and event = first.event and service = $1) as applied
               from (select * from line limit $4) as first`,
      values: [service, after?.event ?? "", after?.key ?? "", limit],
    }),
  );
}

/** The first parked event of one key; undefined when none is. */
export async function firstOfLine(
  database: Queryable,
  { service, event, key }: Line,
): Promise<FirstOfLine | undefined> {
  const [first] = readFirst(
    await database.query<FirstColumns>({
      name: "tandem-parked-of-key",
      text: `select ${FIRST_COLUMNS}, tandem_key_reached($1, event, key) as reached,
                    tandem_key_is_blocked($1, event, key, tandem_key_reached($1, event, key), sequence) as blocked,
                    exists (select from tandem_inbox
                             where event_id = first.event_id and event = first.event and service = $1) as applied
               from tandem_parked as first
              where service = $1 and event = $2 and key = $3
              order by service, event, key, sequence limit 1`,
      values: [service, event, key],
    }),
  );
  return first;
}

/** Keeps an event no longer: it was applied. */
export async function unpark(
  database: Queryable,
  service: string,
  { event, eventId, parking }: FirstOfLine,
): Promise<void> {
  await database.query(
    "delete from tandem_parked where event_id = $1 and event = $2 and service = $3 and parking = $4",
    [eventId, event, service, parking],
  );
}

/** What a parked event was made of; undefined when it is parked no more. */
export async function readParked(
  database: Queryable,
  service: string,
  { event, eventId }: Pick<FirstOfLine, "event" | "eventId">,
): Promise<{ readonly headers: MessageHeaders; readonly data: Uint8Array } | undefined> {
  const found = await database.query<{ headers: MessageHeaders; data: Buffer }>(
    "select headers, data from tandem_parked where event_id = $1 and event = $2 and service = $3",
    [eventId, event, service],
  );
  return found.rows[0];
}

/** Notes that a parked event is on the stream again, unless somebody else noted a later release. */
export async function noteRelease(
  database: Queryable,
  service: string,
  { event, eventId, parking, releases }: FirstOfLine,
  streamSequence: number,
): Promise<void> {
  await database.query(
    `update tandem_parked set releases = releases + 1, released_at = now(), released_sequence = $6
      where event_id = $1 and event = $2 and service = $3 and parking = $4 and releases = $5`,
    [eventId, event, service, parking, releases, streamSequence],
  );
}

/** Takes a release back: the stream does not have it, and nobody applied it. */
export async function takeReleaseBack(
  database: Queryable,
  service: string,
  { event, eventId, parking, releases }: FirstOfLine,
): Promise<void> {
  await database.query(
    `update tandem_parked set released_at = null, released_sequence = null
      where event_id = $1 and event = $2 and service = $3 and parking = $4 and releases = $5`,
    [eventId, event, service, parking, releases],
  );
}

/** How much is parked of each event. */
export interface ParkedCount {
  readonly event: string;
  /** At most 10,000 in all: counting further would cost more than it tells. */
  readonly parked: number;
  readonly oldestAgeSeconds: number;
}

/** Counts what is parked. */
export async function countParked(database: Queryable, service: string): Promise<ParkedCount[]> {
  const counted = await database.query<{ event: string; parked: number; oldest: number }>({
    name: "tandem-parked-count",
    text: `select event, count(*)::integer as parked,
                  extract(epoch from now() - min(parked_at))::float8 as oldest
             from (select event, parked_at from tandem_parked where service = $1 limit 10000) as waiting
            group by event order by event`,
    values: [service],
  });
  return counted.rows.map(({ event, parked, oldest }) => ({ event, parked, oldestAgeSeconds: oldest }));
}

function readFirst({ rows }: { readonly rows: readonly FirstColumns[] }): FirstOfLine[] {
  return rows.map((row) => ({
    event: row.event,
    key: row.key,
    eventId: row.event_id,
    sequence: Number(row.sequence),
    previous: row.previous === null ? undefined : Number(row.previous),
    durable: row.durable,
    stream: row.stream,
    streamSequence: Number(row.stream_sequence),
    parking: row.parking,
    releases: row.releases,
    applied: row.applied,
    releasedSequence: row.released_sequence === null ? undefined : Number(row.released_sequence),
    reached: Number(row.reached),
    blocked: row.blocked,
    ageMs: row.age,
  }));
}
