/** Events on their way out: checked when they are handed over, stamped when their sequence is known. */
import type { EventDescriptor, MessageDescriptor } from "../descriptors.ts";
import { TandemError } from "../errors.ts";
import type { UnrepresentablePolicy } from "../evolution.ts";
import { hide } from "../redaction/hidden-values.ts";
import { derive, shimFailed, stepsBetween, type HandWrittenParts } from "./derive-versions.ts";
import { readKey } from "./event-key.ts";
import { describeFaults } from "./faults.ts";
import { wordsOf } from "../words-of.ts";

/** What made somebody publish: everything that is published carries it on. */
export interface Cause {
  /** Names the whole conversation, 1 to 256 visible characters without spaces. */
  readonly correlationId: string;
  /** The id of the event or request that leads to what is published now. */
  readonly causationId: string;
  /** W3C trace context, if there is one. */
  readonly traceparent?: string | undefined;
}

/** One version of an event, fixed when it was published: a later release cannot change it. */
export interface PinnedVersion {
  readonly message: MessageDescriptor;
  /** The body as JSON, still without `meta`. */
  readonly body: string;
}

/** A version that is published and cannot say this event. */
export interface UnrepresentableVersion {
  readonly message: MessageDescriptor;
  readonly policy: Exclude<UnrepresentablePolicy, "reject-publish">;
}

/** One event in the order in which it was published. */
export interface OutgoingEvent {
  readonly event: EventDescriptor;
  readonly key: string;
  readonly eventId: string;
  readonly occurredAt: string;
  /** The written version and those derived from it, newest first. */
  readonly versions: readonly PinnedVersion[];
  /** Newest first. */
  readonly unrepresentable: readonly UnrepresentableVersion[];
}

/**
 * Makes an event of a payload, in every version that is published. The payload is serialised here: what
 * its caller does to it afterwards changes nothing.
 *
 * @throws `PAYLOAD_INVALID` with the path of each fault; `UNREPRESENTABLE` when another version cannot say
 *   the event and the contract refuses it then; `SHIM_FAILED` when a mapping does not work
 */
export function makeEvent(
  event: EventDescriptor,
  payload: unknown,
  cause: Cause,
  identity: { readonly eventId: string; readonly occurredAt: string },
  parts: HandWrittenParts = {},
): OutgoingEvent {
  const message = event.writes;
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    throw refused(event, "the payload must be an object");
  }
  const body = bodyOf(message, payload);
  hide(message.sensitive, body);
  const faults = faultsOf(message, body, identity, cause);
  if (faults !== undefined) throw refused(event, faults);
  const key = readKey(body, event.key);
  if (key === undefined) throw refused(event, `${event.key} names the event's key and holds none`);
  const written = { message, body: serialise(event, body) };
  return { event, key, ...identity, ...pinVersions({ event, key, ...identity }, written, cause, parts) };
}

/** The written version with those that are derived from what is on the wire of it. */
function pinVersions(
  made: Pick<OutgoingEvent, "event" | "key" | "eventId" | "occurredAt">,
  written: PinnedVersion,
  cause: Cause,
  parts: HandWrittenParts,
): Pick<OutgoingEvent, "versions" | "unrepresentable"> {
  const { event, key } = made;
  const versions: PinnedVersion[] = [];
  const unrepresentable: UnrepresentableVersion[] = [];
  for (const message of event.versions) {
    if (message.version === written.message.version) {
      versions.push(written);
      continue;
    }
    // Read anew for each: a mapping may hand parts of it on, or harm it.
    const source: unknown = JSON.parse(written.body);
    const derived = derive(payloadOf(source), stepsBetween(event, event.writes, message, parts));
    if (derived.kind === "unrepresentable") {
      const { policy } = derived.at;
      if (policy === "reject-publish") throw rejected(event, message);
      unrepresentable.push({ message, policy });
      continue;
    }
    const body = bodyOf(message, derived.payload);
    const faults = faultsOf(message, body, made, cause);
    if (faults !== undefined) throw shimFailed(event.writes, message, `what it made is refused: ${faults}`);
    if (readKey(body, event.key) !== key) throw shimFailed(event.writes, message, `it changed the key, ${event.key}`);
    versions.push({ message, body: serialise(event, body) });
  }
  return { versions, unrepresentable };
}

/** A body without what the runtime stamps. */
export function payloadOf(body: unknown): object {
  const members: { version?: unknown; meta?: unknown } = typeof body === "object" && body !== null ? body : {};
  const { version: _version, meta: _meta, ...payload } = members;
  return payload;
}

/** A payload as the body of a version, still without `meta`. */
export function bodyOf(message: MessageDescriptor, payload: object): object {
  return { version: `v${message.version}`, ...payloadOf(payload) };
}

/** What the schema of a version refuses in a body; undefined when nothing. */
function faultsOf(
  message: MessageDescriptor,
  body: object,
  identity: { readonly eventId: string; readonly occurredAt: string },
  cause: Cause,
): string | undefined {
  // Only the sequence is not known yet; 1 stands in for it.
  const whole = message.hasMeta ? { ...body, meta: metaOf(identity, cause, 1) } : body;
  return message.validate(whole) ? undefined : describeFaults(message.validate.errors);
}

/** The body of one version as it goes onto the wire: version first, then the payload, then `meta`. */
export function stampBody(event: OutgoingEvent, pinned: PinnedVersion, cause: Cause, sequence: number): string {
  if (!pinned.message.hasMeta) return pinned.body;
  const meta = JSON.stringify(metaOf(event, cause, sequence));
  return `${pinned.body.slice(0, -1)},"meta":${meta}}`;
}

/** What the body of an event repeats of its envelope. */
export function metaOf(identity: { eventId: string; occurredAt: string }, cause: Cause, sequence: number): object {
  return {
    event_id: identity.eventId,
    occurred_at: identity.occurredAt,
    correlation_id: cause.correlationId,
    causation_id: cause.causationId,
    sequence,
  };
}

function serialise(event: EventDescriptor, body: object): string {
  try {
    return JSON.stringify(body);
  } catch (error) {
    throw refused(event, `the payload is not JSON: ${wordsOf(error)}`, error);
  }
}

function rejected(event: EventDescriptor, message: MessageDescriptor): TandemError {
  return new TandemError(
    "UNREPRESENTABLE",
    `publish.${event.channel} was given what ${message.type} cannot say, and the contract publishes nothing then (unrepresentable: reject-publish).`,
  );
}

function refused(event: EventDescriptor, why: string, cause?: unknown): TandemError {
  const text = `publish.${event.channel} was given what is not ${event.writes.type}: ${why}.`;
  return new TandemError("PAYLOAD_INVALID", text, { cause });
}
