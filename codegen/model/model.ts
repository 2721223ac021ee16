/**
 * What a contract means: plain readonly data, free of YAML and of TypeScript text. `spec/` reads it out
 * of a document, `emit/` writes it down as code. Every name in it was decided by `names.ts`.
 */
import type { Priority, Retry } from "./delivery.ts";
import type { Acknowledgement, Compatibility, DescribedServer } from "../spec/contract.ts";
import type { Evolution } from "./evolution.ts";
import type { OtherDocument } from "./others.ts";
import type { EventOwner } from "./owner.ts";
import type { View } from "./view/view.ts";

/** A JSON Schema as it reaches emitters: draft-07, no `x-` keywords, shared schemas as `{ $ref: "#/definitions/NAME" }`. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/** Where something stands in the contract, as a JSON pointer without the leading `#`. */
export type Pointer = string;

export interface Model {
  /** The document's file name as generated headers show it, for example `asyncapi.yaml`. */
  readonly source: string;
  readonly title: string;
  readonly version: string;
  /** Schemas that more than one place refers to, by type name, sorted. */
  readonly schemas: readonly SharedSchema[];
  /** Sorted by channel key. */
  readonly events: readonly Event[];
  /** Sorted by operation key. */
  readonly routes: readonly Route[];
  /** Messages that are no version of an event, sorted by type name. */
  readonly messages: readonly Message[];
  /** Channels of which no more is known than their messages, sorted by name. */
  readonly channels: readonly Channel[];
  /** The operations on such channels, by who performs them, sorted by service. */
  readonly applications: readonly Application[];
  /** Sorted by name. */
  readonly services: readonly Service[];
  /** Sorted by name. */
  readonly streams: readonly Stream[];
  /** Sorted by durable. */
  readonly consumers: readonly Consumer[];
  /** What the document says of itself, as its `info` does. */
  readonly info: { readonly [member: string]: unknown };
  /** By server key, sorted. */
  readonly servers: readonly (readonly [key: string, server: DescribedServer])[];
  /** What is read of other teams' documents, sorted by file. */
  readonly others: readonly OtherDocument[];
  /** The contract as each service sees it, sorted by service. */
  readonly views: readonly View[];
}

export interface SharedSchema {
  /** Type name, unique in the document: `Money`. */
  readonly name: string;
  /** File name without extension: `money`. */
  readonly file: string;
  readonly pointer: Pointer;
  readonly schema: JsonSchema;
}

/** One event: a channel, its versions, and the version that is written. */
export interface Event {
  /** Who owns it, when that is another contract: then only the versions that are read here are here. */
  readonly owner?: EventOwner;
  /** The channel's key: `orderCreated`. Also the name of the exported descriptor. */
  readonly channel: string;
  /** Directory name: `order-created`. */
  readonly directory: string;
  readonly pointer: Pointer;
  /** The event's name without version: `orders.created`. */
  readonly name: string;
  readonly summary: string | undefined;
  readonly stream: string;
  /** JSON pointer into the body. */
  readonly key: Pointer;
  /** The version number that publishers write. */
  readonly writes: number;
  /** Every version, newest first. */
  readonly versions: readonly EventVersion[];
}

/** One major version of an event: a message of the channel. */
export interface EventVersion {
  /** Type name: `OrderCreatedV1`. */
  readonly typeName: string;
  /** Exported descriptor: `orderCreatedV1`. */
  readonly constName: string;
  readonly pointer: Pointer;
  readonly number: number;
  /** `ce-type`: `orders.created.v1`. */
  readonly type: string;
  readonly subject: string;
  /** The literal that the body's `version` always has: `v1`; undefined when the body has no such property. */
  readonly versionLiteral: string | undefined;
  readonly state: "draft" | "current" | "deprecated" | "retired";
  /** The day after which it is no longer published: `2027-01-31`. */
  readonly sunset?: string;
  readonly schema: JsonSchema;
  /** Where the schema stands, for warnings about it; `pointer` is the message. */
  readonly schemaPointer: Pointer;
  readonly hasMeta: boolean;
  /** JSON pointers of the values marked `x-sensitive`, `*` for every element. */
  readonly sensitive: readonly Pointer[];
  readonly description: string | undefined;
  readonly examples: readonly Example[];
  /** How the version before becomes this one, and back. */
  readonly evolution?: Evolution;
  /** How far the schema may change without a new version. */
  readonly compatibility?: Compatibility;
  /** Changes of the version that somebody answers for. */
  readonly acknowledged?: readonly Acknowledgement[];
}

export interface Example {
  readonly pointer: Pointer;
  readonly name: string | undefined;
  readonly payload: unknown;
}

/** One operation of the HTTP door. */
export interface Route {
  /** The channel's key: `placeOrder`. Also the exported descriptor. */
  readonly operation: string;
  /** File name without extension: `place-order`. */
  readonly file: string;
  readonly pointer: Pointer;
  readonly service: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly summary: string | undefined;
  /** Absent when the operation takes no body. */
  readonly body: NamedSchema | undefined;
  /** Properties are lower-cased header names. */
  readonly headers: NamedSchema | undefined;
  readonly responses: readonly { readonly status: number; readonly body: NamedSchema }[];
  readonly sensitive: readonly Pointer[];
  /** Changes of the operation that somebody answers for. */
  readonly acknowledged?: readonly Acknowledgement[];
}

/** A message that is no version of an event: of a document without our extensions, or of a channel that is no event. */
export interface Message {
  /** What the document calls it. */
  readonly key: string;
  /** The type of its body: `UserSignedUp`. */
  readonly typeName: string;
  /** Exported descriptor: `userSignedUp`. */
  readonly constName: string;
  /** File name without extension: `user-signed-up`. */
  readonly file: string;
  readonly pointer: Pointer;
  readonly version: number;
  readonly contentType: string | undefined;
  readonly description: string | undefined;
  readonly deprecated: boolean;
  /** Undefined when the document says nothing of the body. */
  readonly body: NamedSchema | undefined;
  readonly headers: NamedSchema | undefined;
  readonly sensitive: readonly Pointer[];
}

/** A channel of which no more is known than what it carries. */
export interface Channel {
  /** What the document calls it. */
  readonly key: string;
  /** Exported descriptor: `userSignedup`. */
  readonly constName: string;
  /** File name without extension: `user-signedup`. */
  readonly file: string;
  readonly pointer: Pointer;
  readonly summary: string | undefined;
  /** With parameters in braces; undefined when it is only known at run time. */
  readonly address: string | undefined;
  /** What stands between two tokens of the address, and so in no parameter. */
  readonly separator: "." | "/";
  readonly parameters: ChannelParameters | undefined;
  /** By type name. */
  readonly messages: readonly Message[];
}

/** What an address is made complete with. */
export interface ChannelParameters extends NamedSchema {
  /** What stands for a parameter that is not given. */
  readonly defaults: Readonly<Record<string, string>>;
}

/** The operations of one service on channels that are no events. */
export interface Application {
  readonly service: string;
  /** File name without extension. */
  readonly file: string;
  /** `OrderReceives`: what it does with what it receives. */
  readonly receivesType: string;
  /** `OrderSends`: what it sends. */
  readonly sendsType: string;
  /** Sorted by name. */
  readonly operations: readonly Operation[];
}

/** One operation on a channel that is no event. */
export interface Operation {
  /** What the document calls it. */
  readonly key: string;
  /** Exported descriptor: `receiveUserSignedUp`. */
  readonly constName: string;
  readonly pointer: Pointer;
  readonly action: "send" | "receive";
  readonly summary: string | undefined;
  readonly channel: Channel;
  /** By type name. */
  readonly messages: readonly Message[];
  readonly reply: { readonly channel: Channel | undefined; readonly messages: readonly Message[] } | undefined;
}

/** A schema with the type name it is emitted under. */
export interface NamedSchema {
  readonly typeName: string;
  readonly pointer: Pointer;
  readonly schema: JsonSchema;
  readonly examples: readonly Example[];
}

/** One service: who publishes and handles what. */
export interface Service {
  /** `order`. Also the exported descriptor. */
  readonly name: string;
  readonly file: string;
  /** `OrderHandlers`. */
  readonly handlersType: string;
  /** `OrderPublishes`. */
  readonly publishesType: string;
  /** The interface of the hand-written parts of mappings, which exists where there are any: `OrderEvolutions`. */
  readonly evolutionsType: string;
  /** Channel keys, sorted. */
  readonly publishes: readonly string[];
  /** Sorted by channel key. */
  readonly handles: readonly Subscription[];
}

/** One event that a service handles. Times in milliseconds. */
export interface Subscription {
  readonly channel: string;
  readonly pointer: Pointer;
  /** One durable per version that the operation lists, newest first. */
  readonly durables: readonly {
    readonly name: string;
    readonly version: number;
    readonly deadLetterSubject: string;
    /** Where its dead letters are published again; undefined where that follows from its name. */
    readonly replaySubject?: string;
  }[];
  readonly ackWaitMs: number;
  readonly concurrency: number;
  readonly orderedByKey: boolean;
  /** Undefined: to whichever asked first. */
  readonly priority: Priority | undefined;
  readonly retry: Retry;
}

/** One stream, with what differs by server. */
export interface Stream {
  readonly name: string;
  /** The service that owns it; undefined for one that several write to (dead letters). */
  readonly owner: string | undefined;
  readonly pointer: Pointer;
  /** Sorted. */
  readonly subjects: readonly string[];
  readonly maxAgeMs: number;
  readonly duplicateWindowMs: number;
  /** By server key, for servers that speak NATS. */
  readonly servers: Readonly<Record<string, { readonly replicas: number; readonly atomicBatches: boolean }>>;
}

/** One durable consumer as the provisioner makes it. */
export interface Consumer {
  readonly stream: string;
  readonly durable: string;
  readonly service: string;
  /** The event's channel key. */
  readonly channel: string;
  /** The event's name without version. */
  readonly event: string;
  readonly version: number;
  /** The subject of its version, and its replay subject. */
  readonly filterSubjects: readonly string[];
  /** Where what its handler gave up goes. */
  readonly deadLetterSubject: string;
  /** Where a dead letter is published again: nobody else reads it. */
  readonly replaySubject: string;
  readonly orderedByKey: boolean;
  readonly ackWaitMs: number;
  /** Handler runs, enforced by the runtime. */
  readonly maxAttempts: number;
  /** What the server enforces: attempts plus slack for deliveries that never reached a handler. */
  readonly maxDeliver: number;
  readonly maxAckPending: number;
  readonly priority: Priority | undefined;
}
