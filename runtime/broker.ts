/**
 * The broker as the runtime sees it. `nats/` implements it on NATS JetStream and is the only place that
 * imports the client; everything above works with these shapes.
 */
import type { DurableDescriptor } from "./descriptors.ts";

/** Headers by name, as they are on the wire. One value a name: the envelope needs no more. */
export type MessageHeaders = Readonly<Record<string, string>>;

/** One message to store. */
export interface OutgoingMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MessageHeaders;
  /** `Nats-Msg-Id`: a second publish with the same id inside the stream's duplicate window stores nothing. */
  readonly messageId: string;
}

/** The broker's word that a message is stored. */
export interface PublishAck {
  readonly stream: string;
  readonly sequence: number;
  /** True when the id was stored before: the message is in the stream, once. */
  readonly duplicate: boolean;
}

/** One delivery of one stored message. */
export interface Delivery {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MessageHeaders;
  /** Why the headers cannot be read, and are empty therefore; absent or undefined when they could be. */
  readonly headersFault?: string | undefined;
  readonly stream: string;
  readonly sequence: number;
  readonly durable: string;
  /** Deliveries of this message to this durable so far, this one included. */
  readonly deliveryCount: number;
  /** When the broker stored it, milliseconds since the epoch. */
  readonly storedAt: number;
}

/** Where what is for one durable alone is published again. */
export function replaySubjectOf({ name, replaySubject }: Pick<DurableDescriptor, "name" | "replaySubject">): string {
  return replaySubject ?? `replay.${name}`;
}

/** Whether a delivery is a dead letter that was published again, for its durable alone. */
export function isReplay(subject: string): boolean {
  return subject.startsWith("replay.");
}

/** How a delivery ends. */
export type Settlement =
  /** Done: never delivered to this durable again. */
  | { readonly kind: "ack" }
  /** Delivered again after the delay, which spends one attempt. */
  | { readonly kind: "retry"; readonly delayMs: number }
  /** Given up: never delivered to this durable again; the reason is in the server's advisory. */
  | { readonly kind: "terminate"; readonly reason: string };

/**
 * How soon this process wants messages of a durable that has a priority policy, compared with the other readers of it.
 * Where the durable has none, or another one, it says nothing.
 */
export interface ServingClass {
  /** Of `prioritized`: while a reader with a smaller number waits for messages, they go there. 0 to 9. */
  readonly priority: number;
  /** Of `overflow`: takes messages only while at least so many are not delivered yet; 0 takes them always. */
  readonly overflowPending: number;
  /** Of `overflow`: takes them also while at least so many are delivered and not settled; 0 leaves that out. */
  readonly overflowAckPending: number;
}

/** What to read, and how much at once. */
export interface SubscribeOptions {
  readonly stream: string;
  readonly durable: string;
  /** Deliveries handed out at once; prefetch stays close to it. */
  readonly concurrency: number;
  readonly ackWaitMs: number;
  /** Served first, unless said. */
  readonly serving?: ServingClass;
}

/** A running subscription. */
export interface Subscription {
  /** What it waits for when it cannot read, in words for /health; undefined while it reads or is suspended. */
  readonly problem: string | undefined;
  /** Asks for no more, until it is resumed. What was asked for before may still come; all in hand stays in hand. */
  suspend(): void;
  /** Asks for more again. */
  resume(): void;
  /**
   * Stops pulling, hands back what was prefetched and not started, waits until the started deliveries
   * are settled and their answers are with the server. Never rejects.
   */
  stop(): Promise<void>;
}

/** What /health and the log say of the connection. */
export type ConnectionState =
  | { readonly kind: "connecting"; readonly attempt: number; readonly lastError: string | undefined }
  | { readonly kind: "connected"; readonly server: string }
  | { readonly kind: "disconnected"; readonly since: number; readonly lastError: string | undefined }
  | { readonly kind: "closed"; readonly lastError: string | undefined };

/** Pauses of durables: while one lasts the broker gives new messages to nobody. All times are the machine's. */
export interface DurablePauses {
  /**
   * Pauses a durable, unless it is paused for longer already: a pause is never made shorter. True when it was
   * changed, and then who asks for the durable sees it so. Rejects with `BROKER_REFUSED` when this login may not, with `BROKER_UNREACHABLE` otherwise.
   */
  pause(stream: string, durable: string, until: number): Promise<boolean>;
  /**
   * Ends a pause that ends by itself no later than `notAfter`; a later one is somebody else's. Seen, and rejects, as
   * `pause`.
   */
  resume(stream: string, durable: string, notAfter: number): Promise<void>;
  /** Calls when the pause of a durable begins, changes or ends, as far as the broker tells; the result ends it. */
  watch(stream: string, durable: string, onNews: () => void): () => void;
}

export interface Broker {
  readonly pauses: DurablePauses;
  readonly state: ConnectionState;
  /**
   * Resolves when the broker has stored the message, once for all calls with one id. While
   * disconnected the message is held here, not handed to the client (which drops it), and resent with
   * the same id on reconnect. Rejects with `PUBLISH_REFUSED` at once when the broker refuses for good,
   * with `PUBLISH_UNCONFIRMED` at the deadline, with `CONNECTION_CLOSED` after `close`.
   */
  publish(message: OutgoingMessage): Promise<PublishAck>;
  /**
   * Stores several messages of one stream in this order, all of them or none, and resolves with where each is. It
   * waits and tries again as `publish` does. When some of them were stored before under their ids, and the batch
   * cannot be stored for that, the rest is published one by one. Rejects as `publish` does, and with
   * `BATCH_UNSUPPORTED` when the stream or its server takes no batches: publish them one by one then, under the
   * same ids.
   */
  publishBatch(messages: readonly OutgoingMessage[]): Promise<readonly PublishAck[]>;
  /**
   * Reads a durable until stopped. `onDelivery` must settle every delivery; if it rejects, the delivery
   * is left to the ack wait. While it runs, the broker is told so every third of the ack wait.
   * A durable or server that goes away is waited for, never given up.
   */
  subscribe(options: SubscribeOptions, onDelivery: (delivery: Delivery) => Promise<Settlement>): Subscription;
  /**
   * The stream sequence up to which a durable was handed everything it reads and has answers to all of it; Infinity
   * when nothing is left. Rejects with `BROKER_REFUSED` when this login may not ask, with `BROKER_UNREACHABLE` otherwise.
   */
  settledUpTo(stream: string, durable: string): Promise<number>;
  /** Waits for outstanding publishes up to a limit, then closes the connection. Never rejects. */
  close(): Promise<void>;
}
