/** Reads the messages of a stream in their order, without a durable. */
import type { Consumer, JetStreamClient, JetStreamManager, JsMsg, StoredMsg } from "@nats-io/jetstream";
import type { ReadStreamOptions, StoredMessage } from "./admin-shapes.ts";
import { readHeadersOf } from "./incoming-headers.ts";

const AT_ONCE = 500;
/** A reader that is killed cannot remove its consumer; the server does after this time. */
const ABANDONED_MS = 30_000;

/** A place in a stream from where messages are read. */
export interface StreamReader {
  readonly consumer: Consumer;
  /** What there was to read when it was opened. */
  readonly pending: number;
}

/** Opens a reader, which is a question to the server: what it rejects with is the client's. */
export async function openReader(
  client: JetStreamClient,
  stream: string,
  { from = 1, subjects, headersOnly = false }: ReadStreamOptions,
): Promise<StreamReader> {
  const consumer = await client.consumers.get(stream, {
    opt_start_seq: from,
    inactive_threshold: ABANDONED_MS,
    ...(headersOnly ? { headers_only: true } : {}),
    ...(subjects === undefined ? {} : { filter_subjects: [...subjects] }),
  });
  const { num_pending: pending } = await consumer.info(true);
  return { consumer, pending };
}

/** Yields the messages of a reader; ends at the newest unless told to follow, and when the signal aborts. */
export async function* readMessages(
  { consumer, pending }: StreamReader,
  stream: string,
  { follow = true, signal }: ReadStreamOptions,
): AsyncGenerator<StoredMessage, void, undefined> {
  const aborted = (): boolean => signal?.aborted === true;
  if (aborted() || (!follow && pending === 0)) {
    await consumer.delete().catch(() => false);
    return;
  }
  const messages = await consumer.consume({ max_messages: AT_ONCE, expires: 5_000, idle_heartbeat: 1_000 });
  const stop = (): void => messages.stop();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    for await (const message of messages) {
      if (aborted()) return;
      yield fromDelivery(stream, message);
      if (!follow && message.info.pending === 0) return;
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    messages.stop();
    await consumer.delete().catch(() => false);
  }
}

/** One message by its sequence; undefined when the stream has none there. */
export async function getMessage(
  manager: JetStreamManager,
  stream: string,
  sequence: number,
): Promise<StoredMessage | undefined> {
  return fromStored(stream, await manager.streams.getMessage(stream, { seq: sequence }));
}

/** A message as the API describes it; undefined where there is none. */
export function fromStored(stream: string, message: StoredMsg | null): StoredMessage | undefined {
  if (message === null) return undefined;
  const { subject, seq, data, time } = message;
  // The client reads them when they are asked for, and throws then.
  const { headers } = readHeadersOf({
    get headers() {
      return message.header;
    },
  });
  return { stream, sequence: seq, subject, headers, data, storedAt: time.getTime() };
}

function fromDelivery(stream: string, message: JsMsg): StoredMessage {
  const { subject, seq, data, timestampNanos } = message;
  return {
    stream,
    sequence: seq,
    subject,
    headers: readHeadersOf(message).headers,
    data,
    storedAt: Number(timestampNanos / 1_000_000n),
  };
}
