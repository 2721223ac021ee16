/** The inbox: each fact is applied once by each service. */
import type { Transaction } from "../handler.ts";
import type { Envelope } from "../events/envelope.ts";

/** A fact that is about to be applied. */
export interface InboxEntry {
  readonly service: string;
  /** The event's name without a version: a fact that comes in two versions is one. */
  readonly event: string;
  readonly version: number;
  readonly envelope: Envelope;
  readonly stream: string;
  readonly streamSequence: number;
  /** Runs of the handler on this message, the one that applies it included. */
  readonly runs: number;
}

/**
 * Records the fact in the transaction that applies it; false when it was applied before. While another
 * transaction is applying the same fact this waits for its outcome.
 */
export async function recordInbox(tx: Transaction, entry: InboxEntry): Promise<boolean> {
  const { envelope } = entry;
  const recorded = await tx.query<{ first: boolean }>({
    name: "tandem-record-inbox",
    text: "select tandem_record_inbox($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as first",
    values: [
      entry.service,
      entry.event,
      envelope.eventId,
      entry.version,
      envelope.key,
      envelope.sequence ?? null,
      envelope.correlationId,
      entry.stream,
      entry.streamSequence,
      entry.runs,
    ],
  });
  return recorded.rows[0]?.first === true;
}
