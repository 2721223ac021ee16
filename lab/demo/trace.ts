/** Follows the streams and shows each event of the demo's orders as the broker stores it. */
import { type Admin, type StoredMessage } from "@tandem/runtime/admin";

/** One event of an order. */
export interface TracedEvent {
  readonly correlationId: string;
  /** Without a version: `orders.created`. */
  readonly event: string;
  readonly version: string;
  /** The service that published it. */
  readonly service: string;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
}

/** What a service gave up, if anything: the demo has none. */
export interface TracedDeadLetter {
  readonly subject: string;
  readonly reason: string;
}

export interface Trace {
  readonly deadLetters: readonly TracedDeadLetter[];
  /** Stops following and waits until nothing more is shown. */
  stop(): Promise<void>;
}

/** Follows from the streams' present ends: what an earlier run left is not shown. */
export async function followStreams(
  admin: Admin,
  streams: readonly string[],
  onEvent: (event: TracedEvent) => void,
): Promise<Trace> {
  const stopping = new AbortController();
  const deadLetters: TracedDeadLetter[] = [];
  const ends = await Promise.all(
    streams.map(async (name) => ({ name, end: (await admin.stream(name))?.lastSequence ?? 0 })),
  );
  const readers = ends.map(async ({ name, end }) => {
    for await (const message of admin.readStream(name, { from: end + 1, signal: stopping.signal })) {
      const letter = deadLetterOf(message);
      if (letter) deadLetters.push(letter);
      else onEvent(eventOf(message));
    }
  });
  return {
    deadLetters,
    async stop() {
      stopping.abort();
      await Promise.all(readers);
    },
  };
}

function eventOf({ subject, headers, storedAt }: StoredMessage): TracedEvent {
  const dot = subject.lastIndexOf(".");
  return {
    correlationId: headers["correlation-id"] ?? "",
    event: subject.slice(0, dot),
    version: subject.slice(dot + 1),
    service: headers["ce-source"] ?? "?",
    storedAt,
  };
}

function deadLetterOf({ subject, headers }: StoredMessage): TracedDeadLetter | undefined {
  const reason = headers["dlq-error"];
  return reason === undefined ? undefined : { subject, reason };
}
