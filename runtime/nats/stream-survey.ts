/** Looks at a stream by subject without reading through it. */
import type { ConsumerConfig, JetStreamManager } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import type { CountOptions, StoredMessage } from "./admin-shapes.ts";
import { fromStored } from "./stream-reader.ts";

/** A surveyor that is killed cannot remove its consumer; the server does after this time. */
const ABANDONED_MS = 5_000;

/** How many messages of a subject the stream holds, of those asked for. The server counts. */
export async function countMessages(
  { consumers }: JetStreamManager,
  stream: string,
  subject: string,
  { since, from }: CountOptions,
): Promise<number> {
  // What a consumer would have to deliver is what there is; nothing is pulled.
  const { name, num_pending: count } = await consumers.add(stream, {
    filter_subject: subject,
    ack_policy: "none",
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(ABANDONED_MS),
    ...beginning(since, from),
  });
  await consumers.delete(stream, name).catch(() => false);
  return count;
}

function beginning(since: number | undefined, from: number | undefined): Partial<ConsumerConfig> {
  if (since !== undefined) return { deliver_policy: "by_start_time", opt_start_time: new Date(since).toISOString() };
  if (from !== undefined) return { deliver_policy: "by_start_sequence", opt_start_seq: Math.max(1, from) };
  return { deliver_policy: "all" };
}

/** How many messages of each subject the stream holds, of those that match. The server counts. */
export async function countSubjects(
  { streams }: JetStreamManager,
  stream: string,
  filter: string,
): Promise<ReadonlyMap<string, number>> {
  const { state } = await streams.info(stream, { subjects_filter: filter });
  return new Map(Object.entries(state.subjects ?? {}));
}

/** The first message of a subject from a sequence on; undefined when there is none. */
export async function nextMessage(
  { streams }: JetStreamManager,
  stream: string,
  subject: string,
  from: number,
): Promise<StoredMessage | undefined> {
  const request = { seq: from, next_by_subj: subject };
  return fromStored(stream, await streams.getMessage(stream, request));
}

/** The newest message of a subject; undefined when there is none. */
export async function lastMessage(
  { streams }: JetStreamManager,
  stream: string,
  subject: string,
): Promise<StoredMessage | undefined> {
  return fromStored(stream, await streams.getMessage(stream, { last_by_subj: subject }));
}
