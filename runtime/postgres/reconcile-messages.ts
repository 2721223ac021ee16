/** Published rows as the messages that they were, to be published again. */
import type { OutgoingMessage } from "../broker.ts";
import type { Queryable } from "./database.ts";
import { toOutboxRow, type ClaimedColumns, type OutboxRow } from "./outbox-rows.ts";
import { messageOf } from "./publish-rows.ts";
import { FOR_EVER_MS } from "./reconcile.ts";

/** A published row with everything that was pinned in it. */
export interface PublishedRow {
  readonly row: OutboxRow;
  /** Of each pinned version, in their order. */
  readonly sequences: readonly number[];
  readonly old: boolean;
}

interface PublishedColumns extends ClaimedColumns {
  stream_sequences: string[];
  old: boolean;
}

/** Which rows of a key. */
export interface KeyPage {
  /** The sequence of the key that the page begins behind. */
  readonly after: number;
  /** As in `publishedBetween`. */
  readonly keptForMs: number | undefined;
  readonly limit: number;
}

/** The published rows of a key in the order of their sequences, from after one on, at most `limit`. */
export async function publishedOfKey(
  database: Queryable,
  stream: string,
  key: string,
  { after, keptForMs = FOR_EVER_MS, limit }: KeyPage,
): Promise<PublishedRow[]> {
  const found = await database.query<PublishedColumns>(
    `select id, key, sequence, event, event_id, occurred_at, correlation_id, causation_id, traceparent, versions,
            unrepresentable, attempts, stream_sequences,
            published_at < now() - $4::float8 * interval '1 millisecond' as old
       from tandem_published
      where key = $1 and sequence > $2 and stream = $3
      order by sequence
      limit $5`,
    [key, after, stream, keptForMs, limit],
  );
  return found.rows.map((columns) => ({
    row: toOutboxRow(columns),
    sequences: columns.stream_sequences.map(Number),
    old: columns.old,
  }));
}

/**
 * A lost version of a row as it was, under a message id that is made of its old place: the broker may still remember
 * the first one, and two who mend the same loss use the same.
 *
 * @param source the service, as `ce-source`
 * @param index which of the pinned versions
 */
export function mendedMessage(source: string, { row, sequences }: PublishedRow, index: number): OutgoingMessage {
  const pinned = row.versions[index];
  if (pinned === undefined) throw new RangeError(`Event ${row.eventId} has no version at ${index}.`);
  const message = messageOf(source, row, pinned);
  return { ...message, messageId: `${message.messageId}:mended:${sequences[index]}` };
}
