/**
 * The envelope of an event on the wire: CloudEvents attributes in the headers (binary mode), and the ids
 * that tie events together. Headers are authoritative; `meta` in the body says the same for readers that
 * see bodies only.
 */
import type { MessageHeaders } from "../broker.ts";
import type { EventDescriptor, MessageDescriptor } from "../descriptors.ts";
import { TandemError } from "../errors.ts";
import type { EventMeta } from "../handler.ts";
import { isKey, readKey } from "./event-key.ts";
import { decodeHeader, encodeHeader, foldNames } from "./headers.ts";
import { readPointer } from "./json-pointer.ts";
import { oneLine } from "./one-line.ts";

/** What travels with an event besides its body. */
export interface Envelope extends EventMeta {
  /**
   * The sequence of the event of the same name that its publisher wrote before it for this key; 0 for the first.
   * Undefined when the publisher said none.
   */
  readonly previous?: number | undefined;
  /** W3C trace context, passed on to whatever the event causes. */
  readonly traceparent: string | undefined;
}

const SPEC_VERSION = "1.0";
const LONGEST_ID = 256;
const IDENTIFIER = /^[^\p{Cc}\s]+$/u;
// What PostgreSQL takes as well: years from 1, offsets below 16 hours.
const DATE_TIME =
  /^(?!0000)\d{4}-\d{2}-\d{2}[Tt](?:[01]\d|2[0-3]):\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-](?:0\d|1[0-5]):[0-5]\d)$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/** The headers of one version of an event. */
export function writeHeaders(type: string, envelope: Envelope, dataschema?: string): MessageHeaders {
  return {
    "ce-specversion": SPEC_VERSION,
    "ce-id": encodeHeader(envelope.eventId),
    "ce-type": type,
    "ce-source": envelope.source,
    "ce-time": envelope.occurredAt,
    "ce-subject": encodeHeader(envelope.key),
    ...(dataschema === undefined ? {} : { "ce-dataschema": dataschema }),
    ...(envelope.sequence === undefined ? {} : { "ce-sequence": String(envelope.sequence) }),
    ...(envelope.previous === undefined ? {} : { "ce-previous": String(envelope.previous) }),
    "correlation-id": encodeHeader(envelope.correlationId),
    "causation-id": encodeHeader(envelope.causationId),
    ...(envelope.traceparent === undefined ? {} : { traceparent: envelope.traceparent }),
  };
}

/** `Nats-Msg-Id` of one version of an event: deduplication is per stream, which holds every version. */
export function messageIdOf(eventId: string, version: number): string {
  return `${eventId}:${version}`;
}

/**
 * What the headers say of an event, `meta` of the body standing in for a header that is not there: an
 * older system may publish without headers. What neither says cannot be made up.
 *
 * @throws `ENVELOPE_INVALID` that lists everything missing or malformed
 */
export function readEnvelope(
  headers: MessageHeaders,
  body: unknown,
  event: Pick<EventDescriptor, "key">,
  message: Pick<MessageDescriptor, "type" | "subject">,
): Envelope {
  const header = foldNames(headers);
  const faults: string[] = [];
  const either = (name: string, member: string): string | undefined => {
    const inBody = readPointer(body, `/meta/${member}`);
    const value = header.get(name) ?? (typeof inBody === "string" ? inBody : undefined);
    if (value === undefined) faults.push(`${name} is missing, and so is meta.${member} in the body`);
    return value === undefined ? undefined : decodeHeader(value);
  };
  const identifier = (name: string, member: string): string => {
    const id = either(name, member);
    if (id !== undefined && !isIdentifier(id)) faults.push(`${name} is not an id: ${quote(id)}`);
    return id ?? "";
  };

  const eventId = identifier("ce-id", "event_id");
  const correlationId = identifier("correlation-id", "correlation_id");
  const occurredAt = either("ce-time", "occurred_at") ?? "";
  if (occurredAt !== "" && !isDateTime(occurredAt)) faults.push(`ce-time is not a date and time: ${quote(occurredAt)}`);
  const type = header.get("ce-type") ?? message.type;
  if (type !== message.type) faults.push(`ce-type is ${quote(type)}, and ${message.subject} carries ${message.type}`);
  const specVersion = header.get("ce-specversion") ?? SPEC_VERSION;
  if (specVersion !== SPEC_VERSION) faults.push(`ce-specversion is ${quote(specVersion)}, and ${SPEC_VERSION} is read`);
  const subject = header.get("ce-subject");
  const key = subject === undefined ? readKey(body, event.key) : decodeHeader(subject);
  if (key === undefined || !isKey(key)) faults.push(`ce-subject is no key, and neither is ${event.key} in the body`);
  if (faults.length > 0)
    throw new TandemError("ENVELOPE_INVALID", `The envelope of ${message.type}: ${faults.join("; ")}.`);

  const causationId = header.get("causation-id") ?? readPointer(body, "/meta/causation_id");
  const cause = typeof causationId === "string" ? decodeHeader(causationId) : "";
  const traceparent = header.get("traceparent");
  return {
    eventId,
    occurredAt,
    correlationId,
    causationId: isIdentifier(cause) ? cause : correlationId,
    sequence: readSequence(header.get("ce-sequence") ?? readPointer(body, "/meta/sequence")),
    previous: readSequence(header.get("ce-previous"), 0),
    source: oneLine(header.get("ce-source") ?? "unknown", LONGEST_ID),
    key: key ?? "",
    traceparent: traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : undefined,
  };
}

/** The event id that the headers name, for a message whose envelope or body cannot be read. */
export function peekEventId(headers: MessageHeaders): string | undefined {
  const value = foldNames(headers).get("ce-id");
  const id = value === undefined ? undefined : decodeHeader(value);
  return id !== undefined && isIdentifier(id) ? id : undefined;
}

/** Where an event stands in the order of its key. */
export type KeyPlace = Pick<Envelope, "eventId" | "key" | "sequence" | "previous">;

/** The same as the headers alone say it, for a message that cannot be read; undefined where they do not. */
export function peekPlace(headers: MessageHeaders): KeyPlace | undefined {
  const header = foldNames(headers);
  const eventId = peekEventId(headers);
  const key = decodeHeader(header.get("ce-subject") ?? "");
  if (eventId === undefined || !isKey(key)) return undefined;
  return {
    eventId,
    key,
    sequence: readSequence(header.get("ce-sequence")),
    previous: readSequence(header.get("ce-previous"), 0),
  };
}

/** Whether a text can be an event, correlation or causation id: 1 to 256 visible characters without spaces. */
export function isIdentifier(text: string): boolean {
  return text.length <= LONGEST_ID && text.isWellFormed() && IDENTIFIER.test(text);
}

function isDateTime(text: string): boolean {
  if (!DATE_TIME.test(text)) return false;
  // Date.parse takes the 31st of any month for a day of the next one.
  const day = Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  return (
    !Number.isNaN(Date.parse(text)) &&
    !Number.isNaN(day) &&
    new Date(day).toISOString().slice(0, 10) === text.slice(0, 10)
  );
}

function readSequence(value: unknown, least: 0 | 1 = 1): number | undefined {
  const sequence = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof sequence === "number" && Number.isSafeInteger(sequence) && sequence >= least ? sequence : undefined;
}

function quote(text: string): string {
  return JSON.stringify(oneLine(text, 80));
}
