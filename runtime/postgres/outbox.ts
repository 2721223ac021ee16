/** The outbox: what a transaction publishes is written in it, and is on the stream after the commit. */
import type { Transaction } from "../handler.ts";
import { stampBody, type Cause, type OutgoingEvent } from "../events/outgoing.ts";

/**
 * Writes events to the outbox, as the last thing before the commit: taking the sequences locks the keys.
 */
export async function writeOutbox(tx: Transaction, events: readonly OutgoingEvent[], cause: Cause): Promise<void> {
  if (events.length === 0) return;
  const placeOf = await takePlaces(tx, events);
  const rows = events.map((event) => ({ event, ...placeOf(event) }));
  await tx.query({
    name: "tandem-outbox",
    text: `insert into tandem_outbox
             (key, sequence, event, event_id, occurred_at, versions, unrepresentable,
              correlation_id, causation_id, traceparent)
           select row.key, row.sequence, row.event, row.event_id, row.occurred_at, row.versions::json,
                  row.unrepresentable::json, $8, $9, $10
             from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[])
                  with ordinality
                  as row (key, sequence, event, event_id, occurred_at, versions, unrepresentable, position)
            order by row.position`,
    values: [
      rows.map(({ event }) => event.key),
      rows.map(({ sequence }) => sequence),
      rows.map(({ event }) => event.event.name),
      rows.map(({ event }) => event.eventId),
      rows.map(({ event }) => event.occurredAt),
      rows.map(({ event, ...place }) => versionsOf(event, cause, place)),
      rows.map(({ event }) => unrepresentableOf(event)),
      cause.correlationId,
      cause.causationId,
      cause.traceparent ?? null,
    ],
  });
}

/** Where an event stands among those of its key. */
interface Place {
  /** Among all events of the key. */
  readonly sequence: number;
  /** That of the event of the same name before it; 0 for the first. */
  readonly previous: number;
}

interface TakenColumns {
  key: string;
  sequence: string;
  event: string;
  previous: string | null;
}

/**
 * Takes the next sequences of every key that the events belong to, and with them what the last event of each name was.
 * The rows are locked in the order of their keys, so that two transactions with the same keys cannot wait for each
 * other; who has the row of a key has those of its events.
 */
async function takePlaces(tx: Transaction, events: readonly OutgoingEvent[]): Promise<(event: OutgoingEvent) => Place> {
  const counts = new Map<string, number>();
  /** By key and event name: how many events of the key there are up to the last of that name. */
  const lasts = new Map<string, { key: string; event: string; position: number }>();
  for (const { key, event } of events) {
    const position = (counts.get(key) ?? 0) + 1;
    counts.set(key, position);
    lasts.set(JSON.stringify([key, event.name]), { key, event: event.name, position });
  }
  const told = [...lasts.values()];
  const taken = await tx.query<TakenColumns>({
    name: "tandem-places",
    text: `with taken as (
             insert into tandem_aggregates (key, sequence)
             select key, count from unnest($1::text[], $2::bigint[]) as taken (key, count) order by key
             on conflict (key) do update set sequence = tandem_aggregates.sequence + excluded.sequence
             returning key, sequence),
           told as (
             insert into tandem_key_events (key, event, sequence)
             select key, event, taken.sequence - behind
               from unnest($3::text[], $4::text[], $5::bigint[]) as last (key, event, behind) join taken using (key)
             on conflict (key, event) do update
               set previous = tandem_key_events.sequence, sequence = excluded.sequence
             returning key, event, previous)
           select key, taken.sequence, event, previous from taken join told using (key)`,
    values: [
      [...counts.keys()],
      [...counts.values()],
      told.map(({ key }) => key),
      told.map(({ event }) => event),
      told.map(({ key, position }) => (counts.get(key) ?? 0) - position),
    ],
  });
  const next = new Map<string, number>();
  const previous = new Map<string, number>();
  for (const row of taken.rows) {
    next.set(row.key, Number(row.sequence) - (counts.get(row.key) ?? 0) + 1);
    previous.set(JSON.stringify([row.key, row.event]), Number(row.previous ?? 0));
  }
  return ({ key, event }) => {
    const sequence = next.get(key) ?? Number.NaN;
    next.set(key, sequence + 1);
    const name = JSON.stringify([key, event.name]);
    const place = { sequence, previous: previous.get(name) ?? 0 };
    previous.set(name, sequence);
    return place;
  };
}

/** The pinned versions as JSON. Bodies are put in as they are: they are JSON already. */
function versionsOf(event: OutgoingEvent, cause: Cause, { sequence, previous }: Place): string {
  const versions = event.versions.map((pinned) => {
    const { version, type, subject, dataschema } = pinned.message;
    const head = JSON.stringify({ version, type, subject, dataschema, previous });
    return `${head.slice(0, -1)},"body":${stampBody(event, pinned, cause, sequence)}}`;
  });
  return `[${versions.join(",")}]`;
}

/** The versions that cannot say the event, as JSON; null when there are none. */
function unrepresentableOf({ event, unrepresentable }: OutgoingEvent): string | null {
  if (unrepresentable.length === 0) return null;
  const { channel, writes } = event;
  return JSON.stringify(
    unrepresentable.map(({ message, policy }) => ({
      version: message.version,
      type: message.type,
      channel,
      policy,
      said: writes.version,
    })),
  );
}
