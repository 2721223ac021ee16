/** Publishes again what a stream lost. */
import {
  mendedMessage,
  publishedBetween,
  publishedOfKey,
  recordMove,
  type PublishedPlaces,
  type PublishedRow,
  type SequenceRange,
} from "@tandem/runtime/admin";
import { holds } from "./place.ts";
import type { ReconcileDependencies, StreamView, Writer } from "./stream-view.ts";
import { isDue } from "./survey.ts";

/** How mending went: messages, not rows. */
export interface Mended {
  readonly mended: number;
  readonly missing: number;
}

/** Keys at once; within a key one row after the other. */
const SIDE_BY_SIDE = 32;
const PAGE = 200;

/** Mends what the rows of a block miss, and every other row of their keys, in the order of each key. */
export async function mendBlock(
  dependencies: ReconcileDependencies,
  view: StreamView,
  range: SequenceRange,
): Promise<Mended> {
  let [mended, missing] = [0, 0];
  for (const writer of view.writers) {
    const rows = await publishedBetween(writer.database, view.stream, range, view.keptForMs);
    const keys = new Set<string>();
    await sideBySide(rows, async (row) => {
      if (!keys.has(row.key) && (await missesOf(dependencies, view, row)).length > 0) keys.add(row.key);
    });
    await sideBySide([...keys], async (key) => {
      const outcome = await mendKey(dependencies, view, writer, key);
      mended += outcome.mended;
      missing += outcome.missing;
    });
  }
  return { mended, missing };
}

async function mendKey(
  dependencies: ReconcileDependencies,
  view: StreamView,
  writer: Writer,
  key: string,
): Promise<Mended> {
  const { log, signal } = dependencies;
  const total = { mended: 0, missing: 0 };
  let after = 0;
  for (;;) {
    const options = { after, keptForMs: view.keptForMs, limit: PAGE };
    const page = await publishedOfKey(writer.database, view.stream, key, options);
    for (const published of page) {
      signal?.throwIfAborted();
      const misses = await missesOf(dependencies, view, placesOf(published));
      after = published.row.sequence;
      if (misses.length === 0) continue;
      try {
        total.mended += await mendRow(dependencies, view, writer, published, misses);
      } catch (error) {
        const { event, eventId } = published.row;
        log.error(
          { err: error, stream: view.stream, event, eventId, key },
          "a lost event cannot be published again now; later events of its key wait behind it",
        );
        return { ...total, missing: total.missing + misses.length };
      }
    }
    if (page.length < PAGE) return total;
  }
}

async function mendRow(
  { broker, log }: ReconcileDependencies,
  { stream }: StreamView,
  { service, database }: Writer,
  published: PublishedRow,
  misses: readonly number[],
): Promise<number> {
  const { row, sequences } = published;
  let to = sequences;
  for (const index of misses) {
    const { sequence } = await broker.publish(mendedMessage(service, published, index));
    to = to.with(index, sequence);
  }
  const { id, eventId, event, key, correlationId } = row;
  const recorded = await recordMove(database, { id, eventId, from: sequences, to, storedAt: Date.now() });
  const line = { stream, event, eventId, key, correlationId, from: sequences, to };
  // Whoever was faster used the same message ids: the stream has each once.
  if (!recorded) {
    log.info(line, "a lost event was mended by another steward meanwhile");
    return 0;
  }
  log.warn(line, "an event that the stream had lost is published again");
  return misses.length;
}

/** Which of a row's versions are not where the row says, and should be. */
async function missesOf(
  dependencies: ReconcileDependencies,
  view: StreamView,
  row: PublishedPlaces,
): Promise<readonly number[]> {
  const misses: number[] = [];
  for (const [index, sequence] of row.sequences.entries()) {
    if (isDue(view, row, sequence) && !(await holds(dependencies, view, row, index))) misses.push(index);
  }
  return misses;
}

function placesOf({ row, sequences, old }: PublishedRow): PublishedPlaces {
  const { id, key, eventId, versions, unrepresentable } = row;
  const hasGaps = unrepresentable.length > 0;
  return { id, key, eventId, subjects: versions.map(({ subject }) => subject), sequences, old, hasGaps };
}

async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}
