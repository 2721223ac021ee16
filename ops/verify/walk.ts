/** Walks over the streams of events, beside the rows that name what is on them. */
import { publishedBetween, type PublishedPlaces, type SequenceRange } from "@tandem/runtime/admin";
import { holdsDeadLetters } from "../dead-letter-stream.ts";
import { OpsError } from "../error.ts";
import { historyLimits } from "../retention.ts";
import { blocksOf } from "../steward/reconcile/reconcile.ts";
import { viewStream, type StreamView, type Writer } from "../steward/reconcile/stream-view.ts";
import type { VerifyDependencies } from "./dependencies.ts";
import { storedEventReader, type StoredEvent } from "./stored-event.ts";

/** A piece of a stream, and the rows of which the first version is said to lie there. */
export interface Block {
  readonly view: StreamView;
  readonly range: SequenceRange;
  readonly rows: readonly { readonly writer: Writer; readonly row: PublishedPlaces }[];
  readonly events: readonly StoredEvent[];
  /** What was stored before this may have left the history of its publisher, milliseconds since the epoch. */
  readonly knownSince: number;
}

const BLOCK = 1_000;
/** A reader that stands still for so long has lost its stream. */
const READ_LIMIT_MS = 60_000;

/** Every block of every stream that holds events. */
export async function* walk(dependencies: VerifyDependencies): AsyncGenerator<Block, void, undefined> {
  const { topology, schemas, block = BLOCK, signal, now } = dependencies;
  const read = storedEventReader(topology, schemas);
  const knownSince = now() - historyLimits(topology).publishedForMs;
  for (const stream of topology.streams.filter((candidate) => !holdsDeadLetters(candidate))) {
    const view = await viewStream(dependencies, stream);
    for await (const range of blocksOf({ block }, view, 1)) {
      signal?.throwIfAborted();
      // The rows first: what is noted was stored before, so a message that is not seen afterwards is not there.
      const rows: Block["rows"][number][] = [];
      for (const writer of view.writers) {
        const found = await publishedBetween(writer.database, view.stream, range, view.keptForMs);
        rows.push(...found.map((row) => ({ writer, row })));
      }
      yield { view, range, rows, events: await readBlock(dependencies, view, range, read), knownSince };
    }
  }
}

async function readBlock(
  { admin, signal }: VerifyDependencies,
  { stream, firstSequence, lastSequence }: StreamView,
  range: SequenceRange,
  read: ReturnType<typeof storedEventReader>,
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  const to = Math.min(range.to, lastSequence);
  if (Math.max(range.from, firstSequence) > to) return events;
  const limit = AbortSignal.timeout(READ_LIMIT_MS);
  const either = signal === undefined ? limit : AbortSignal.any([limit, signal]);
  for await (const message of admin.readStream(stream, { from: range.from, follow: false, signal: either })) {
    if (message.sequence > to) break;
    events.push(read(message));
    if (message.sequence === to) break;
  }
  // What was not read would look as if it were missing.
  if (either.aborted) throw new OpsError(`Reading ${stream} from ${range.from} on was broken off: verify it again.`);
  return events;
}
