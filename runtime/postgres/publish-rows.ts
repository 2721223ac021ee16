/** Outbox rows on their way to the broker, with a limit on the time that they may take. */
import { setTimeout as pause } from "node:timers/promises";
import type { OutgoingMessage } from "../broker.ts";
import { TandemError } from "../errors.ts";
import { messageIdOf, writeHeaders } from "../events/envelope.ts";
import type { OutboxRow, RowVersion, StoredRow } from "./outbox-rows.ts";
import type { SendVersions } from "./send-versions.ts";
import { unrepresentableLetters } from "./unrepresentable-letters.ts";

/** How the rows fared. A row that is in none of the lists waited behind one that did not get through. */
export interface PublishedRows {
  readonly stored: readonly StoredRow[];
  readonly refused: readonly RefusedRow[];
  /** Not confirmed in time: on the stream or not. */
  readonly unconfirmed: readonly OutboxRow[];
}

/** A row that the broker will not take, whenever it is tried. */
export interface RefusedRow {
  readonly row: OutboxRow;
  readonly error: TandemError;
}

const utf8 = new TextEncoder();

/**
 * Publishes rows, those of one key one after the other and different keys side by side, and waits at most
 * `limitMs` for them: the caller holds a database transaction open. What is not confirmed by then is not
 * lost: the broker may still store it, and the next try carries the same message ids.
 */
export async function publishRows(
  send: SendVersions,
  source: string,
  rows: readonly OutboxRow[],
  limitMs: number,
): Promise<PublishedRows> {
  const stored: StoredRow[] = [];
  const refused: RefusedRow[] = [];
  const underWay = new Set<OutboxRow>();
  const limit = new AbortController();

  /** Stops at the first row that does not get through: those behind it must wait for it. */
  const publishChain = async (chain: readonly OutboxRow[]): Promise<void> => {
    for (const row of chain) {
      underWay.add(row);
      const outcome = await publishRow(send, source, row);
      if (outcome === undefined || limit.signal.aborted) return;
      underWay.delete(row);
      if ("error" in outcome) {
        refused.push(outcome);
        return;
      }
      stored.push(outcome);
    }
  };

  const chains = Map.groupBy(rows, ({ key }) => key);
  const done = Promise.all([...chains.values()].map(publishChain));
  await Promise.race([done, pause(limitMs, undefined, { signal: limit.signal }).catch(() => undefined)]);
  limit.abort();
  return { stored, refused, unconfirmed: [...underWay] };
}

/**
 * Publishes the pinned versions of one row, and then the dead letters of those that cannot say it. Never rejects.
 */
async function publishRow(
  send: SendVersions,
  source: string,
  row: OutboxRow,
): Promise<StoredRow | RefusedRow | undefined> {
  try {
    const acks = await send(
      row.event,
      row.versions.map((pinned) => messageOf(source, row, pinned)),
    );
    const sequences = acks.map(({ sequence }) => sequence);
    const stored = { row, stream: acks[0]?.stream ?? "", sequences };
    for (const letter of unrepresentableLetters(source, stored)) await send(row.event, [letter]);
    return stored;
  } catch (error) {
    return error instanceof TandemError && error.code === "PUBLISH_REFUSED" ? { row, error } : undefined;
  }
}

/** One pinned version of a row as it is sent. */
export function messageOf(source: string, row: OutboxRow, pinned: RowVersion): OutgoingMessage {
  return {
    subject: pinned.subject,
    data: utf8.encode(JSON.stringify(pinned.body)),
    headers: writeHeaders(pinned.type, { ...row, source, previous: pinned.previous }, pinned.dataschema),
    messageId: messageIdOf(row.eventId, pinned.version),
  };
}
