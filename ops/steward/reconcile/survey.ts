/** One block of a stream side by side with the rows that name it. */
import {
  knownEvents,
  publishedBetween,
  publishedOf,
  recordMove,
  type PublishedPlaces,
  type SequenceRange,
} from "@tandem/runtime/admin";
import type { GhostCount } from "./reconciled.ts";
import { holds } from "./place.ts";
import {
  readRange,
  type ReconcileDependencies,
  type SeenMessage,
  type StreamView,
  type Writer,
} from "./stream-view.ts";

/** What is in a block. */
export interface Surveyed {
  readonly messages: number;
  readonly rows: number;
  /** Rows that now say where their message is. */
  readonly found: number;
  /** Whether a row names a place where its message is not, and should be. */
  readonly missing: boolean;
}

/**
 * Surveys a block. A message that no row of the block names is looked up by its event: it waits in an outbox (its relay
 * has not noted it yet), or its row names another place. When it is not there either, the row is told of this one:
 * somebody mended it and died before noting it, or the stream was made anew. What no service knows is a ghost.
 *
 * @param ghostsFrom the first sequence of which ghosts are counted
 */
export async function surveyBlock(
  dependencies: ReconcileDependencies,
  view: StreamView,
  range: SequenceRange,
  ghosts: GhostCount,
  ghostsFrom: number,
): Promise<Surveyed> {
  // The rows first: what is noted was stored before, so a message that is not seen afterwards is not there.
  const written: { writer: Writer; rows: readonly PublishedPlaces[] }[] = [];
  for (const writer of view.writers) {
    written.push({ writer, rows: await publishedBetween(writer.database, view.stream, range, view.keptForMs) });
  }
  const messages = await readRange(dependencies, view, range);
  const bySequence = new Map(messages.map((message) => [message.sequence, message]));
  const named = new Set<number>();
  let missing = false;
  for (const row of written.flatMap(({ rows }) => rows)) {
    for (const [index, sequence] of row.sequences.entries()) {
      const message = bySequence.get(sequence);
      if (message !== undefined && message.eventId === row.eventId && message.subject === row.subjects[index]) {
        named.add(sequence);
      } else if (sequence > range.to ? !(await holds(dependencies, view, row, index)) : isDue(view, row, sequence)) {
        missing = true;
      }
    }
  }
  const strays = messages.filter(({ sequence }) => !named.has(sequence));
  const found = await settleStrays(dependencies, view, strays, (stray) => {
    if (stray.sequence >= ghostsFrom) ghosts.add(stray.subject, stray.sequence);
  });
  const rows = written.reduce((sum, part) => sum + part.rows.length, 0);
  return { messages: messages.length, rows, found, missing };
}

/** Whether the stream should still have what a row named there. */
export function isDue(view: StreamView, row: Pick<PublishedPlaces, "old">, sequence: number): boolean {
  return !row.old && sequence >= view.pushedOutBefore;
}

async function settleStrays(
  dependencies: ReconcileDependencies,
  view: StreamView,
  strays: readonly SeenMessage[],
  onGhost: (stray: SeenMessage) => void,
): Promise<number> {
  const ids = [...new Set(strays.flatMap(({ eventId }) => eventId ?? []))];
  const known = new Set<string>();
  let found = 0;
  for (const { database } of ids.length === 0 ? [] : view.writers) {
    const theirs = await knownEvents(database, ids);
    for (const id of theirs) known.add(id);
    const rows = new Map<string, PublishedPlaces>();
    for (const row of await publishedOf(database, view.stream, [...theirs], view.keptForMs)) rows.set(row.eventId, row);
    for (const stray of strays) {
      const row = rows.get(stray.eventId ?? "");
      const index = row?.subjects.indexOf(stray.subject) ?? -1;
      if (row === undefined || index < 0 || row.sequences[index] === stray.sequence) continue;
      if (await holds(dependencies, view, row, index)) continue;
      const to = row.sequences.with(index, stray.sequence);
      if (await recordMove(database, { ...row, from: row.sequences, to, storedAt: stray.storedAt })) found += 1;
      rows.set(row.eventId, { ...row, sequences: to });
    }
  }
  for (const stray of strays) if (stray.eventId === undefined || !known.has(stray.eventId)) onGhost(stray);
  return found;
}
