/** The outbox: what a transaction publishes is written in it, and is on the stream after the commit. */
import type { Transaction } from "../handler.ts";
import { stampBody, type Cause, type OutgoingEvent } from "../events/outgoing.ts";

/**
 * Writes events to the outbox, as the last thing before the commit: taking the sequences locks the keys.
 */
export async function writeOutbox(tx: Transaction, events: readonly OutgoingEvent[], cause: Cause): Promise<void> {
  if (events.length === 0) return;
  const next = await takeSequences(tx, events);
  const rows = events.map((event) => ({ event, sequence: next(event.key) }));
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
      rows.map(({ event, sequence }) => versionsOf(event, cause, sequence)),
      rows.map(({ event }) => unrepresentableOf(event)),
      cause.correlationId,
      cause.causationId,
      cause.traceparent ?? null,
    ],
  });
}

/**
 * Takes the next sequences of every key that the events belong to. The rows are locked in the order of
 * their keys, so that two transactions with the same keys cannot wait for each other.
 */
async function takeSequences(tx: Transaction, events: readonly OutgoingEvent[]): Promise<(key: string) => number> {
  const counts = new Map<string, number>();
  for (const { key } of events) counts.set(key, (counts.get(key) ?? 0) + 1);
  const taken = await tx.query<{ key: string; sequence: string }>({
    name: "tandem-sequences",
    text: `insert into tandem_aggregates (key, sequence)
           select key, count from unnest($1::text[], $2::bigint[]) as taken (key, count) order by key
           on conflict (key) do update set sequence = tandem_aggregates.sequence + excluded.sequence
           returning key, sequence`,
    values: [[...counts.keys()], [...counts.values()]],
  });
  const first = new Map(taken.rows.map(({ key, sequence }) => [key, Number(sequence) - (counts.get(key) ?? 0) + 1]));
  return (key) => {
    const sequence = first.get(key) ?? Number.NaN;
    first.set(key, sequence + 1);
    return sequence;
  };
}

/** The pinned versions as JSON. Bodies are put in as they are: they are JSON already. */
function versionsOf(event: OutgoingEvent, cause: Cause, sequence: number): string {
  const versions = event.versions.map((pinned) => {
    const { version, type, subject, dataschema } = pinned.message;
    const head = JSON.stringify({ version, type, subject, dataschema });
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
