/**
 * The reconciler: what was published is on the stream, and what is on the stream was published. It mends the first and
 * reports the second.
 */
import type { SequenceRange } from "@tandem/runtime/admin";
import type { TopologyStream } from "../../topology.ts";
import { mendBlock } from "./mend.ts";
import { GhostCount, type Reconciled } from "./reconciled.ts";
import { rowsRange, viewStream, type ReconcileDependencies, type StreamView } from "./stream-view.ts";
import { surveyBlock } from "./survey.ts";

const BLOCK = 2_000;

/**
 * Walks over a stream in blocks, and then over those blocks again in which something is missing: by then every message
 * that is still there was seen, wherever it is. Any number may walk at once.
 *
 * @param after the last sequence of an earlier walk: only the newest part is walked over, from one block before it.
 *   When the stream ends before it, the stream was made anew or set back, and the walk is a full one.
 * @throws what the broker or the database answers; the next walk begins anew
 */
export async function reconcile(
  dependencies: ReconcileDependencies,
  stream: TopologyStream,
  after?: number,
): Promise<Reconciled> {
  const view = await viewStream(dependencies, stream);
  const newest = after !== undefined && view.lastSequence >= after;
  const start = newest ? Math.max(1, after + 1 - (dependencies.block ?? BLOCK)) : 1;
  const ghosts = new GhostCount();
  const total = { messages: 0, rows: 0, found: 0, mended: 0, missing: 0 };
  const lacking: SequenceRange[] = [];
  let range: SequenceRange | undefined;
  for await (const block of blocksOf(dependencies, view, start)) {
    dependencies.signal?.throwIfAborted();
    const surveyed = await surveyBlock(dependencies, view, block, ghosts, newest ? after + 1 : 1);
    range = { from: range?.from ?? block.from, to: block.to };
    total.messages += surveyed.messages;
    total.rows += surveyed.rows;
    total.found += surveyed.found;
    if (surveyed.missing) lacking.push(block);
  }
  for (const block of lacking) {
    const { mended, missing } = await mendBlock(dependencies, view, block);
    total.mended += mended;
    total.missing += missing;
  }
  const kind = newest ? "newest" : "full";
  return { stream: stream.name, kind, lastSequence: view.lastSequence, range, ...total, ghosts: ghosts.ghosts };
}

/** The blocks from a sequence on that hold a message or are named by a row. What is neither is jumped over: a stream made anew begins at 1. */
export async function* blocksOf(
  { block = BLOCK }: Pick<ReconcileDependencies, "block">,
  view: StreamView,
  start: number,
): AsyncGenerator<SequenceRange, void, undefined> {
  const { firstSequence, lastSequence } = view;
  const last = Math.max(lastSequence, (await rowsRange(view, start))?.to ?? 0);
  for (let next = start; next <= last;) {
    const message = Math.max(next, firstSequence) <= lastSequence ? Math.max(next, firstSequence) : Infinity;
    const row = (await rowsRange(view, next))?.from ?? Infinity;
    const from = Math.min(message, row);
    if (from > last) return;
    const to = Math.min(from + block - 1, last);
    yield { from, to };
    next = to + 1;
  }
}
