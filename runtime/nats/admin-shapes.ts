/** What the provisioner, the command line and the lab see of the broker: plain data, times in milliseconds. */
import type { MessageHeaders, OutgoingMessage, PublishAck } from "../broker.ts";

/** The server that answered. */
export interface ServerInfo {
  readonly version: string;
  /** The level of the JetStream API; 0 for servers older than 2.11, which tell none. */
  readonly apiLevel: number;
  /** `host:port` as it was dialled. */
  readonly address: string;
  /** The name of its cluster, when it is in one. */
  readonly cluster: string | undefined;
  /** Bytes of one message at most, headers included. */
  readonly maxPayload: number;
}

/** How a stream is kept. */
export interface StreamSettings {
  readonly description: string;
  readonly subjects: readonly string[];
  readonly retention: "limits" | "interest" | "workqueue";
  readonly storage: "file" | "memory";
  readonly replicas: number;
  readonly discard: "old" | "new";
  /** 0 keeps for ever. */
  readonly maxAgeMs: number;
  /** -1 for no limit, as in the two below. */
  readonly maxBytes: number;
  readonly maxMessages: number;
  readonly maxMessageBytes: number;
  /** How long a message id is remembered. */
  readonly duplicateWindowMs: number;
  /** Several messages stored together or not at all; server 2.12. */
  readonly atomicBatches: boolean;
  /** Messages read by sequence from any replica. */
  readonly directGet: boolean;
  readonly denyDelete: boolean;
  readonly denyPurge: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What is asked of a stream; what is left out has its default on creation (admin-settings.ts), and stays on update. */
export type StreamRequest = Partial<StreamSettings> & Pick<StreamSettings, "subjects">;

/** A server that stores a stream. */
export interface StreamPeer {
  /** Its name. */
  readonly server: string;
  /** Whether it runs, and has all that the others have. Not for a moment under load, which means nothing. */
  readonly current: boolean;
}

/** A stream as the server has it. */
export interface StreamInfo {
  readonly name: string;
  /** What the server says, not what was asked: compare the two, an old server drops what it does not know. */
  readonly settings: StreamSettings;
  readonly messages: number;
  readonly bytes: number;
  /** 0 while it is empty and never held a message. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly consumers: number;
  /** Who stores it, the leader first; absent where the server tells nothing of it. */
  readonly peers?: readonly StreamPeer[];
  /** The streams that it mirrors or draws from; absent when it takes its messages from publishers only. */
  readonly copiesOf?: readonly string[];
  /** What it is set to besides, by the API's names and in its units (nanoseconds); absent when that is nothing. */
  readonly others?: Readonly<Record<string, unknown>>;
}

/** Which of the readers of a durable the server gives messages to. */
export type DurablePriority =
  /** To those with the smallest number, as long as they wait for any; server 2.12. */
  | { readonly policy: "prioritized" }
  /** To all who say nothing else, and to others only while much is waiting; server 2.11. */
  | { readonly policy: "overflow" }
  /** To one of them, until nothing was heard of it for the timeout; server 2.11. */
  | { readonly policy: "pinned"; readonly timeoutMs: number };

/** How a durable delivers. */
export interface DurableSettings {
  readonly description: string;
  /** Empty reads the whole stream. */
  readonly filterSubjects: readonly string[];
  /** Where a new durable begins; cannot be changed later. */
  readonly deliverFrom: "all" | "new" | "last" | "last_per_subject" | "by_start_sequence" | "by_start_time";
  readonly ackWaitMs: number;
  /** Deliveries of one message at most; -1 for no limit. */
  readonly maxDeliver: number;
  /** Deliveries out at once over all readers; those that wait for a retry count. */
  readonly maxAckPending: number;
  /** Null: whoever pulled first. */
  readonly priority: DurablePriority | null;
  /** 0 follows the stream. */
  readonly replicas: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** What is asked of a durable; as `StreamRequest`. */
export type DurableRequest = Partial<DurableSettings>;

/** A consumer as the server has it, durable or not. */
export interface DurableInfo {
  readonly stream: string;
  readonly name: string;
  /** False for the short-lived consumer of somebody who reads the stream. */
  readonly durable: boolean;
  /** What the server says, as in `StreamInfo`. */
  readonly settings: DurableSettings;
  /** Messages not delivered yet. */
  readonly pending: number;
  /** Messages delivered and not settled yet. With `pending` the lag. */
  readonly ackPending: number;
  readonly redelivered: number;
  /** Pulls that wait for messages: above 0, somebody reads. */
  readonly waitingPulls: number;
  /** The stream sequence delivered last. */
  readonly deliveredSequence: number;
  /** Everything up to this stream sequence is settled. A message that the server gave up holds it for ever. */
  readonly settledSequence: number;
  /** Milliseconds until it delivers again; 0 when it is not paused. */
  readonly pausedForMs: number;
  /** When it delivered or was acknowledged last, milliseconds since the epoch; absent when the server does not know, as after its restart. */
  readonly lastActiveAt?: number;
  /** Whether the server pushes to somebody who listens; absent for what is pulled, as all of ours. */
  readonly pushes?: true;
  /** As in `StreamInfo`. */
  readonly others?: Readonly<Record<string, unknown>>;
}

/** Which messages of a stream to count; all of the subject when nothing is said. */
export interface CountOptions {
  /** Only what was stored since, milliseconds since the epoch. */
  readonly since?: number;
  /** Only from this stream sequence on. Not together with `since`. */
  readonly from?: number;
}

/** Who holds a name, and for how long at least when nothing more is heard of the holder. */
export interface HoldOptions {
  /** Unique to this process and try; shown to others. */
  readonly holder: string;
  readonly ttlMs: number;
}

/** A name that this process holds. */
export interface Hold {
  /** Holds it for the whole time again. False when it is lost, because that time was over. */
  renew(): Promise<boolean>;
  /** Lets others have it. */
  release(): Promise<void>;
}

/** One message as it lies in its stream. */
export interface StoredMessage {
  readonly stream: string;
  readonly sequence: number;
  readonly subject: string;
  readonly headers: MessageHeaders;
  readonly data: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
}

/** What to read of a stream. */
export interface ReadStreamOptions {
  /** The first sequence. Default 1. */
  readonly from?: number;
  /** Only these subjects; wildcards allowed. Default all. */
  readonly subjects?: readonly string[];
  /** Whether to wait for further messages when all are read. Default true. */
  readonly follow?: boolean;
  /** Whether to leave the bodies out; their data is empty then. Default false. */
  readonly headersOnly?: boolean;
  /** Aborting it ends the reading, without an error. */
  readonly signal?: AbortSignal;
}

/** What to remove from a stream; everything when nothing is said. */
export interface PurgeOptions {
  readonly subject?: string;
  /** Leaves so many of the newest. */
  readonly keep?: number;
}

/**
 * The broker for those who own it. Calls reject with `BROKER_REFUSED` when the server answers with an
 * error, and with `BROKER_UNREACHABLE` when it does not answer.
 */
export interface Admin {
  readonly server: ServerInfo;
  streams(): Promise<StreamInfo[]>;
  stream(name: string): Promise<StreamInfo | undefined>;
  createStream(name: string, request: StreamRequest): Promise<StreamInfo>;
  /** Changes what is named and keeps the rest. */
  updateStream(name: string, request: Partial<StreamSettings>): Promise<StreamInfo>;
  /** False when there was none. */
  deleteStream(name: string): Promise<boolean>;
  /** Returns how many messages went. */
  purgeStream(name: string, options?: PurgeOptions): Promise<number>;
  durables(stream: string): Promise<DurableInfo[]>;
  durable(stream: string, name: string): Promise<DurableInfo | undefined>;
  /** A durable that exists with the same settings is left as it is; with others, this is refused. */
  createDurable(stream: string, name: string, request: DurableRequest): Promise<DurableInfo>;
  updateDurable(stream: string, name: string, request: DurableRequest): Promise<DurableInfo>;
  /** False when there was none. */
  deleteDurable(stream: string, name: string): Promise<boolean>;
  message(stream: string, sequence: number): Promise<StoredMessage | undefined>;
  /** The first message of a subject (wildcards allowed) from a sequence on, default 1. */
  nextMessage(stream: string, subject: string, from?: number): Promise<StoredMessage | undefined>;
  /** The newest message of a subject (wildcards allowed). */
  lastMessage(stream: string, subject: string): Promise<StoredMessage | undefined>;
  /** How many messages of a subject (wildcards allowed) the stream holds. Reads none of them. */
  countMessages(stream: string, subject: string, options?: CountOptions): Promise<number>;
  /** How many messages the stream holds of each subject that matches (wildcards allowed). Reads none of them. */
  countSubjects(stream: string, filter: string): Promise<ReadonlyMap<string, number>>;
  /** The messages of a stream in their order; leaves no consumer behind. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<StoredMessage>;
  /**
   * Resolves when the broker has stored the message, once for all calls with one id. Rejects with `PUBLISH_REFUSED`
   * when the broker refuses it, and with `PUBLISH_UNCONFIRMED` when it does not answer.
   */
  publish(message: OutgoingMessage): Promise<PublishAck>;
  /**
   * Takes a name on a stream that one process at a time may have, or answers who has it. What is not renewed within its
   * time is lost, so a holder that crashed is in nobody's way.
   */
  hold(stream: string, name: string, options: HoldOptions): Promise<Hold | { readonly heldBy: string }>;
  /** Waits a moment for what is being published. Never rejects. */
  close(): Promise<void>;
}
