/**
 * What a contract says, in its own words and with the place of everything: `$ref`s followed, traits applied,
 * durations read, nothing decided. Documents of other AsyncAPI versions are read into the same shape.
 */
import type { EvolutionSpec } from "./evolution.ts";
import type { JsonObject } from "./json.ts";
import type { Node } from "./node.ts";
import type { Pointer } from "./pointer.ts";
import type { Source } from "./source.ts";

/** A value and where it is said. */
export interface Said<T> {
  readonly value: T;
  readonly at: Pointer;
}

export interface Contract {
  readonly source: Source;
  /** Whether it speaks our extensions; a document that does not has channels, messages and operations, and no events. */
  readonly ours: boolean;
  readonly title: string;
  readonly version: string;
  /** The members of `info` that hold no reference. */
  readonly info: JsonObject;
  readonly tags: readonly TagSpec[];
  readonly servers: readonly ServerSpec[];
  readonly streams: readonly StreamSpec[];
  readonly channels: readonly ChannelSpec[];
  readonly operations: readonly OperationSpec[];
  /** The messages that no channel carries, but that the document names for whoever refers to it. */
  readonly spareMessages: readonly MessageSpec[];
  /** The names under `components/schemas`, with their schemas. */
  readonly schemas: readonly SchemaSpec[];
}

/** A tag of the document: one that is called like a service describes the service. */
export interface TagSpec {
  readonly name: string;
  readonly description: string | undefined;
}

/** A server for whoever reads of it, in the words of AsyncAPI 3. */
export interface DescribedServer {
  readonly host: string;
  readonly pathname: string | undefined;
  readonly protocol: string;
  readonly protocolVersion: string | undefined;
  readonly title: string | undefined;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly variables: readonly {
    readonly name: string;
    readonly description: string | undefined;
    readonly default: string | undefined;
    readonly values: readonly string[] | undefined;
  }[];
}

export interface ServerSpec {
  readonly key: string;
  readonly at: Pointer;
  readonly described: DescribedServer;
  readonly transport: "nats" | "http" | "other";
  readonly replicas: number;
  readonly atomicBatches: boolean;
}

export interface StreamSpec {
  readonly name: string;
  readonly at: Pointer;
  readonly owner: Said<string> | undefined;
  readonly maxAgeMs: number;
  readonly duplicateWindowMs: number;
  /** Whether services of other contracts may have their dead letters sent back through it. */
  readonly shared: boolean;
}

export interface SchemaSpec {
  readonly name: string;
  readonly node: Node;
}

/** How the messages of a channel travel. */
export type Transport = "nats" | "http" | "both" | "other";

/** The document of another team that owns a channel. */
export interface OwnerSpec {
  /** Its file, as places name it: `./../orders/asyncapi.yaml`. */
  readonly file: string;
  readonly title: string;
  /** Whether it speaks our extensions, so that its channels can be events. */
  readonly ours: boolean;
  /** What it calls the channel; undefined when the reference leads to none of its channels. */
  readonly channel: string | undefined;
  /** The stream that the channel lives in, where the document declares it. */
  readonly stream: StreamSpec | undefined;
  /** Every version of the event, newest first; what is read of it stands in the channel. */
  readonly versions: readonly OwnedVersionSpec[];
  /** Where the contract refers to the channel. */
  readonly at: Pointer;
}

/** A version of an event of another document. */
export interface OwnedVersionSpec {
  readonly key: string;
  readonly number: number;
  readonly state: VersionState;
  readonly sunset: string | undefined;
}

export interface ChannelSpec {
  readonly key: string;
  readonly at: Pointer;
  /** Undefined when the contract itself owns it. */
  readonly owner: OwnerSpec | undefined;
  /** Undefined when the document says none, or null. */
  readonly address: Said<string> | undefined;
  readonly transport: Transport;
  /** The servers that it is on; undefined for all. */
  readonly servers: readonly string[] | undefined;
  readonly title: string | undefined;
  /** The description where there is no summary. */
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly parameters: readonly ParameterSpec[];
  readonly messages: readonly MessageUse[];
  readonly stream: Said<string> | undefined;
  readonly event: EventSpec | undefined;
}

export interface ParameterSpec {
  readonly name: string;
  readonly at: Pointer;
  readonly location: Said<string> | undefined;
  readonly description: string | undefined;
  /** The only values that it has; undefined when any will do. */
  readonly values: readonly string[] | undefined;
  readonly default: string | undefined;
  /** In AsyncAPI 2 a parameter has a schema. */
  readonly schema: Node | undefined;
}

export interface EventSpec {
  readonly at: Pointer;
  readonly key: Said<string>;
  readonly writes: Said<number> | undefined;
}

/** A message as a channel carries it. */
export interface MessageUse {
  /** Its key in the channel. */
  readonly key: string;
  /** Its place in the channel. */
  readonly at: Pointer;
  readonly message: MessageSpec;
}

export interface MessageSpec {
  /** The key that it is defined under; in AsyncAPI 2, where most have none, what the document calls it. */
  readonly key: string;
  readonly at: Pointer;
  /** What programs call it. */
  readonly name: string | undefined;
  readonly title: string | undefined;
  readonly summary: string | undefined;
  readonly description: string | undefined;
  readonly deprecated: boolean;
  /** The content type of the body; undefined when the document says none. */
  readonly contentType: string | undefined;
  readonly payload: Node | undefined;
  readonly headers: Node | undefined;
  readonly examples: readonly ExampleSpec[];
  readonly version: VersionSpec | undefined;
  readonly evolvesFrom: Said<string> | undefined;
  readonly evolution: EvolutionSpec | undefined;
  /** The HTTP status that it answers with. */
  readonly status: Said<number> | undefined;
}

export type VersionState = "draft" | "current" | "deprecated" | "retired";

export interface VersionSpec {
  readonly at: Pointer;
  readonly number: Said<number>;
  readonly state: VersionState;
  /** The day after which it is no longer published: `2027-01-31`. */
  readonly sunset: Said<string> | undefined;
  /** How far the schema may change without a new version. */
  readonly compatibility: Compatibility | undefined;
  readonly acknowledged: readonly Acknowledgement[];
}

export const COMPATIBILITIES = [
  "NONE",
  "BACKWARD",
  "BACKWARD_TRANSITIVE",
  "FORWARD",
  "FORWARD_TRANSITIVE",
  "FULL",
  "FULL_TRANSITIVE",
] as const;

/** A promise of compatibility, as schema registries name them. */
export type Compatibility = (typeof COMPATIBILITIES)[number];

/** A change that nothing could prove safe, and that somebody answers for. */
export interface Acknowledgement {
  readonly at: Pointer;
  /** What `codegen diff` calls the change. */
  readonly change: string;
  readonly reason: string;
  /** The day on which it was acknowledged: `2027-01-31`. */
  readonly date: string;
}

export interface ExampleSpec {
  readonly at: Pointer;
  readonly name: string | undefined;
  readonly payload: Said<unknown> | undefined;
  readonly headers: Said<unknown> | undefined;
}

export interface OperationSpec {
  readonly key: string;
  readonly at: Pointer;
  readonly action: "send" | "receive";
  readonly channel: ChannelSpec;
  readonly title: string | undefined;
  /** In AsyncAPI 2 the description where there is no summary. */
  readonly summary: string | undefined;
  readonly description: string | undefined;
  /** All messages of the channel when the operation lists none. */
  readonly messages: readonly Said<MessageUse>[];
  readonly listsMessages: boolean;
  readonly service: Said<string> | undefined;
  readonly consumer: ConsumerSpec;
  readonly retry: RetrySpec;
  readonly deadLetter: Said<ChannelSpec | undefined> | undefined;
  readonly http: HttpSpec | undefined;
  readonly reply: ReplySpec | undefined;
}

/** What `x-consumer` says, defaults filled in. */
export interface ConsumerSpec {
  readonly ackWaitMs: number;
  readonly concurrency: number;
  readonly orderedByKey: boolean;
  readonly priority: PrioritySpec | undefined;
}

/** What `x-consumer` says of the instances that are given the event. */
export interface PrioritySpec {
  readonly policy: "prioritized" | "overflow" | "pinned";
  /** Of the default when nothing is said. */
  readonly timeoutMs: number;
  /** Where a timeout is said. */
  readonly timeoutAt: Pointer | undefined;
}

/** What `x-retry` says, defaults filled in. */
export interface RetrySpec {
  readonly at: Pointer;
  readonly maxAttempts: number;
  readonly strategy: "exponential" | "fixed";
  readonly delayMs: number;
  readonly maxDelayMs: number;
  readonly jitter: boolean;
}

/** The methods that the HTTP door answers. */
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

export interface HttpSpec {
  readonly at: Pointer;
  readonly method: Said<string> | undefined;
  readonly query: Pointer | undefined;
}

export interface ReplySpec {
  readonly at: Pointer;
  readonly channel: ChannelSpec | undefined;
  /** Where the request says at which address it is answered. */
  readonly address: { readonly location: string; readonly description: string | undefined } | undefined;
  readonly messages: readonly Said<MessageUse>[];
}
