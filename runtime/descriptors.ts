/**
 * The shapes that generated code hands to the runtime: plain frozen data, one descriptor per message
 * version, event, service and HTTP operation. Codegen writes them; nothing here knows a contract.
 */
import type { UnrepresentablePolicy } from "./evolution.ts";
import type { HandlerContext } from "./handler.ts";

/**
 * The format of the descriptors below. Codegen stamps it into what it writes, and the runtime refuses
 * another, so that old generated code meets a new runtime with a sentence and not with `undefined`.
 */
export const DESCRIPTOR_FORMAT = 1;

/** One violation of a schema, as a precompiled validator reports it. */
export interface Violation {
  /** JSON pointer into the value; empty for the value itself. */
  readonly instancePath: string;
  /** The keyword that refused it, for example `required`. */
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A precompiled validator: a type guard that leaves its violations on itself, as Ajv's do. */
export interface Validator<T> {
  (value: unknown): value is T;
  errors?: readonly Violation[] | null;
}

/** One major version of an event, as it is on the wire. */
export interface MessageDescriptor<T = unknown> {
  readonly format: typeof DESCRIPTOR_FORMAT;
  /** Unique in the contract, for example `OrderCreatedV1`. */
  readonly message: string;
  /** The `ce-type`: event name and version, for example `orders.created.v1`. */
  readonly type: string;
  /** The major version, 1 or more. */
  readonly version: number;
  /** The one subject that this version is published on. */
  readonly subject: string;
  /** Whether the body declares `meta`, which the runtime then stamps. */
  readonly hasMeta: boolean;
  /** JSON pointers (`*` for every element) of the values that logs must not show. */
  readonly sensitive: readonly string[];
  /** Where the schema of this version is served, a URI reference: the header `ce-dataschema`. No header when absent. */
  readonly dataschema?: string;
  readonly validate: Validator<T>;
}

/** One event: its live versions and the one that is written. */
export interface EventDescriptor<Written = unknown> {
  readonly format: typeof DESCRIPTOR_FORMAT;
  /** The channel's key in the contract, for example `orderCreated`: names handlers and publishers. */
  readonly channel: string;
  /** The event's name without a version, for example `orders.created`. */
  readonly name: string;
  readonly stream: string;
  /** JSON pointer into the body: the aggregate that the event belongs to. */
  readonly key: string;
  /** The version that publishers are given; the others are derived from it. */
  readonly writes: MessageDescriptor<Written>;
  /** Every published version, newest first. */
  readonly versions: readonly MessageDescriptor[];
  /** How each version becomes the next one and back, oldest pair first. Absent when there is one version only. */
  readonly evolutions?: readonly EvolutionDescriptor[];
}

/** How one version of an event becomes the next, and back: two pure functions over payloads. */
export interface EvolutionDescriptor {
  /** The older version. */
  readonly from: MessageDescriptor;
  /** The version after it. */
  readonly to: MessageDescriptor;
  // Methods, so that functions over the payloads' own types fit.
  /** From a payload of the older version to one of the newer, or UNREPRESENTABLE. */
  up(payload: unknown, parts?: unknown): unknown;
  /** From a payload of the newer version to one of the older, or UNREPRESENTABLE. */
  down(payload: unknown, parts?: unknown): unknown;
  /** The key of the hand-written parts that `up` and `down` take as a second argument. Absent when they take none. */
  readonly parts?: string;
  /** What happens to an event that the way up or down cannot say. `down` is "skip-and-count" unless said. */
  readonly unrepresentable: {
    readonly up?: UnrepresentablePolicy;
    readonly down?: UnrepresentablePolicy;
  };
}

/** How long to wait before each further attempt. Times in milliseconds. */
export interface RetryPolicy {
  /** Handler runs in all, the first included. */
  readonly maxAttempts: number;
  readonly strategy: "exponential" | "fixed";
  readonly delayMs: number;
  readonly maxDelayMs: number;
  /** Extends a delay at random, never shortens it. */
  readonly jitter: boolean;
}

/** One durable consumer: (service, event, major version). Made by the provisioner, never by a service. */
export interface DurableDescriptor {
  readonly name: string;
  readonly message: MessageDescriptor;
  /** Where a message goes that this durable's handler gave up. */
  readonly deadLetterSubject: string;
  /** Where it is published again, for this durable alone. Default: `replay.` and its name. */
  readonly replaySubject?: string;
}

/** Which of the instances of a service the broker gives the events to. */
export type PriorityDescriptor =
  | { readonly policy: "prioritized" | "overflow" }
  /** To one of them, until nothing was heard of it for so long. */
  | { readonly policy: "pinned"; readonly timeoutMs: number };

/** One event that a service handles. */
export interface SubscriptionDescriptor {
  readonly event: EventDescriptor;
  /** One durable per version that the operation lists, newest first. */
  readonly durables: readonly DurableDescriptor[];
  readonly ackWaitMs: number;
  /** Handlers that may run at once in one process, all versions together. */
  readonly concurrency: number;
  /** True when events of one key must be handled in their order. */
  readonly orderedByKey: boolean;
  /** Absent: to whichever instance asked first. */
  readonly priority?: PriorityDescriptor;
  readonly retry: RetryPolicy;
}

declare const handlersOf: unique symbol;
declare const publishesOf: unique symbol;
declare const evolutionsOf: unique symbol;

/**
 * One service: what it may publish and what it must handle. The three phantom properties exist for the
 * compiler only: they carry the interfaces of handlers, publishers and hand-written parts of mappings to
 * `startService`.
 */
export interface ServiceDescriptor<Handlers = unknown, Publish = unknown, Evolutions = unknown> {
  readonly format: typeof DESCRIPTOR_FORMAT;
  readonly name: string;
  /** By channel key. */
  readonly publishes: Readonly<Record<string, EventDescriptor>>;
  /** By channel key. */
  readonly handles: Readonly<Record<string, SubscriptionDescriptor>>;
  /** The OpenAPI document of its HTTP door, which is served at `/openapi.json`. Absent when it has no door. */
  readonly openapi?: Readonly<Record<string, unknown>>;
  readonly [handlersOf]?: Handlers;
  readonly [publishesOf]?: Publish;
  readonly [evolutionsOf]?: Evolutions;
}

/** One operation of the HTTP door. */
export interface RouteDescriptor<Body = unknown, Headers = unknown> {
  readonly format: typeof DESCRIPTOR_FORMAT;
  /** The channel's key in the contract, for example `placeOrder`. */
  readonly operation: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With parameters in braces, as the contract writes it: `/orders/{order_id}`. */
  readonly path: string;
  /** Reports every violation, not only the first. Absent when the operation takes no body. */
  readonly validateBody?: Validator<Body>;
  /** Over an object of lower-case header names. Absent when the contract names no header. */
  readonly validateHeaders?: Validator<Headers>;
  /** JSON pointers of the values that logs must not show. */
  readonly sensitive: readonly string[];
}

/** What a handler or an HTTP operation publishes: the body without what the runtime stamps. */
export type Payload<T> = Omit<T, "version" | "meta">;

/** The signature of one handler. */
export type Handler<Event, Publish> = (event: Event, context: HandlerContext<Publish>) => Promise<void> | void;

/** Keeps the type parameter of a message while its descriptor stays plain data. */
export function defineMessage<T>(message: MessageDescriptor<T>): MessageDescriptor<T> {
  return message;
}

/** An event whose `writes` fixes the type that publishers take. */
export function defineEvent<Written>(event: EventDescriptor<Written>): EventDescriptor<Written> {
  return event;
}

/** A service with the interfaces that the compiler checks `startService` against. */
export function defineService<Handlers, Publish, Evolutions = unknown>(
  service: ServiceDescriptor<Handlers, Publish, Evolutions>,
): ServiceDescriptor<Handlers, Publish, Evolutions> {
  return service;
}

/** An HTTP operation with the types of its body and headers. */
export function defineRoute<Body, Headers = unknown>(
  route: RouteDescriptor<Body, Headers>,
): RouteDescriptor<Body, Headers> {
  return route;
}
