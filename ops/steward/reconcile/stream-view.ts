/** A stream and the services that write it, as the reconciler sees both. */
import {
  peekEventId,
  publishedRange,
  type Admin,
  type Broker,
  type Logger,
  type Queryable,
  type SequenceRange,
  type Store,
} from "@tandem/runtime/admin";
import { OpsError } from "../../error.ts";
import { servicesOf, type Topology, type TopologyStream } from "../../topology.ts";

/** What a reconciler stands on. */
export interface ReconcileDependencies {
  readonly topology: Topology;
  readonly admin: Admin;
  readonly broker: Pick<Broker, "publish">;
  readonly store: Store;
  readonly log: Logger;
  readonly signal?: AbortSignal;
  /** Sequences looked at in one piece. Default 2,000. */
  readonly block?: number;
}

/** A message, as far as it tells which event it is. */
export interface SeenMessage {
  readonly sequence: number;
  readonly subject: string;
  readonly eventId: string | undefined;
  readonly storedAt: number;
}

/** The schema of a service that may have written the stream. */
export interface Writer {
  readonly service: string;
  readonly database: Queryable;
}

/** One stream at the beginning of a walk. */
export interface StreamView {
  readonly stream: string;
  readonly writers: readonly Writer[];
  /** 0 while it is empty. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** A row that was published longer ago is let go: the stream may have done so too. */
  readonly keptForMs: number | undefined;
  /** Messages before this one may have been pushed out by newer ones. */
  readonly pushedOutBefore: number;
}

const HOUR_MS = 3_600_000;
/** For clocks that differ: nothing is mended that the stream lets go of within this time. */
const MARGIN = { longestMs: HOUR_MS, share: 0.25 };
/** A reader that stands still for so long has lost its stream. */
const READ_LIMIT_MS = 60_000;

/** @throws OpsError when the stream does not exist */
export async function viewStream(
  { topology, admin, store }: Pick<ReconcileDependencies, "topology" | "admin" | "store">,
  { name, owner }: TopologyStream,
): Promise<StreamView> {
  const info = await admin.stream(name);
  if (info === undefined) throw new OpsError(`Stream ${name} does not exist; run \`npm run ops -- provision\`.`);
  const { maxAgeMs, maxBytes, maxMessages } = info.settings;
  const there = await store.schemas();
  const services = owner === null ? servicesOf(topology) : [owner];
  return {
    stream: name,
    writers: services
      .filter((service) => there.includes(service))
      .map((service) => ({ service, database: store.of(service) })),
    firstSequence: info.messages === 0 ? info.lastSequence + 1 : info.firstSequence,
    lastSequence: info.lastSequence,
    keptForMs: maxAgeMs === 0 ? undefined : maxAgeMs - Math.min(MARGIN.longestMs, maxAgeMs * MARGIN.share),
    pushedOutBefore: maxBytes > 0 || maxMessages > 0 ? info.firstSequence : 0,
  };
}

/** The places that rows of any writer name, from a sequence on; undefined when there are none. */
export async function rowsRange({ writers, stream }: StreamView, from: number): Promise<SequenceRange | undefined> {
  const ranges: SequenceRange[] = [];
  for (const { database } of writers) {
    const range = await publishedRange(database, stream, from);
    if (range !== undefined) ranges.push(range);
  }
  if (ranges.length === 0) return undefined;
  return { from: Math.min(...ranges.map((range) => range.from)), to: Math.max(...ranges.map(({ to }) => to)) };
}

/** The messages of a range, replays left out: those are copies for one durable. */
export async function readRange(
  { admin, signal }: ReconcileDependencies,
  { stream, firstSequence, lastSequence }: StreamView,
  range: SequenceRange,
): Promise<readonly SeenMessage[]> {
  const messages: SeenMessage[] = [];
  const to = Math.min(range.to, lastSequence);
  if (Math.max(range.from, firstSequence) > to) return messages;
  const limit = AbortSignal.timeout(READ_LIMIT_MS);
  const either = signal === undefined ? limit : AbortSignal.any([limit, signal]);
  const options = { from: range.from, follow: false, headersOnly: true, signal: either };
  for await (const { sequence, subject, headers, storedAt } of admin.readStream(stream, options)) {
    if (sequence > to) break;
    if (!subject.startsWith("replay.")) messages.push({ sequence, subject, eventId: peekEventId(headers), storedAt });
    if (sequence === to) break;
  }
  // What was not read looks as if it were missing.
  if (either.aborted) throw new OpsError(`Reading ${stream} from ${range.from} on was broken off.`);
  return messages;
}
