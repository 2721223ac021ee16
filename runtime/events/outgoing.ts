/** Events on their way out: checked when they are handed over, stamped when their sequence is known. */
import type { EventDescriptor, MessageDescriptor } from "../descriptors.ts";
import { TandemError } from "../errors.ts";
import { readKey } from "./event-key.ts";
import { describeFaults } from "./faults.ts";

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

/** One event in the order in which it was published. */
export interface OutgoingEvent {
  readonly event: EventDescriptor;
  readonly key: string;
  readonly eventId: string;
  readonly occurredAt: string;
  /** Newest first. */
  readonly versions: readonly PinnedVersion[];
}

/**
 * Makes an event of a payload, or throws `PAYLOAD_INVALID` with the path of each fault. The payload is
 * serialised here: what its caller does to it afterwards changes nothing.
 */
export function makeEvent(
  event: EventDescriptor,
  payload: unknown,
  cause: Cause,
  identity: { readonly eventId: string; readonly occurredAt: string },
): OutgoingEvent {
  const message = event.writes;
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    throw refused(event, "the payload must be an object");
  }
  const { version, meta, ...own }: { version?: unknown; meta?: unknown } = payload;
  const body = { version: `v${message.version}`, ...own };
  // Only the sequence is not known yet; 1 stands in for it.
  const whole = message.hasMeta ? { ...body, meta: metaOf(identity, cause, 1) } : body;
  if (!message.validate(whole)) throw refused(event, describeFaults(message.validate.errors));
  const key = readKey(body, event.key);
  if (key === undefined) throw refused(event, `${event.key} names the event's key and holds none`);
  return { event, key, ...identity, versions: [{ message, body: serialise(event, body) }] };
}

/** The body of one version as it goes onto the wire: version first, then the payload, then `meta`. */
export function stampBody(event: OutgoingEvent, pinned: PinnedVersion, cause: Cause, sequence: number): string {
  if (!pinned.message.hasMeta) return pinned.body;
  const meta = JSON.stringify(metaOf(event, cause, sequence));
  return `${pinned.body.slice(0, -1)},"meta":${meta}}`;
}

function metaOf(identity: { eventId: string; occurredAt: string }, cause: Cause, sequence: number): object {
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
    throw refused(event, `the payload is not JSON: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

function refused(event: EventDescriptor, why: string, cause?: unknown): TandemError {
  const text = `publish.${event.channel} was given what is not ${event.writes.type}: ${why}.`;
  return new TandemError("PAYLOAD_INVALID", text, { cause });
}
