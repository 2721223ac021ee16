/** Events and dead letters as they lie in the streams, told in the terms of the contract. */
import { isReplay } from "../broker.ts";
import type { EventDescriptor, MessageDescriptor, ServiceDescriptor } from "../descriptors.ts";
import { peekEventId, readEnvelope, type Envelope } from "../events/envelope.ts";
import { decodeHeader, foldNames } from "../events/headers.ts";
import type { StoredMessage } from "../nats/admin-shapes.ts";

/** One event that was published: one fact, in however many versions. */
export interface PublishedEvent<Body = unknown> {
  /** Its name, for example `orders.created`; the subject where no service of the system knows it. */
  readonly event: string;
  readonly eventId: string;
  readonly key: string;
  /** The service that published it. */
  readonly source: string;
  readonly sequence: number | undefined;
  readonly occurredAt: string;
  readonly correlationId: string;
  readonly causationId: string;
  /** The versions that are on the stream, as they came. */
  readonly versions: readonly number[];
  /** The body of the version that is written; of the first one that is there when the event was not named. */
  readonly body: Body;
  /** As it is stored: once for each version. */
  readonly stored: readonly StoredMessage[];
}

/** One message that was given up. */
export interface DeadLetter {
  /** Who gave it up. */
  readonly service: string;
  /** The event's channel key. */
  readonly channel: string;
  readonly version: number;
  /** The durable; the service's name where the publisher gave up a version. */
  readonly consumer: string;
  /** A code of docs/errors.md. */
  readonly code: string;
  readonly error: string;
  readonly attempts: number;
  readonly fingerprint: string | undefined;
  readonly eventId: string | undefined;
  readonly correlationId: string | undefined;
  /** The message itself, with all its headers. */
  readonly stored: StoredMessage;
}

/** What a contract knows of a subject. */
interface Known {
  readonly event: EventDescriptor;
  readonly message: MessageDescriptor;
}

/** Every event of the services, by subject. */
export function subjectsOf(descriptors: readonly ServiceDescriptor[]): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  for (const { publishes, handles } of descriptors) {
    for (const event of [...Object.values(publishes), ...Object.values(handles).map((handled) => handled.event)]) {
      for (const message of event.versions) known.set(message.subject, { event, message });
    }
    for (const { event, durables } of Object.values(handles)) {
      for (const { message } of durables) known.set(message.subject, { event, message });
    }
  }
  return known;
}

/** The facts among stored messages, in the order in which they were stored first. Who says no id is left out. */
export function factsOf(messages: readonly StoredMessage[], known: ReadonlyMap<string, Known>): PublishedEvent[] {
  const facts = new Map<string, { envelope: Envelope; event: string; versions: number[]; stored: StoredMessage[] }>();
  for (const stored of [...messages].sort((a, b) => a.storedAt - b.storedAt || a.sequence - b.sequence)) {
    if (isDeadLetter(stored) || isReplay(stored.subject)) continue;
    const about = known.get(stored.subject);
    const envelope = about && envelopeOf(stored, about);
    if (!about || !envelope) continue;
    const fact = facts.get(envelope.eventId) ?? { envelope, event: about.event.name, versions: [], stored: [] };
    facts.set(envelope.eventId, fact);
    if (!fact.versions.includes(about.message.version)) fact.versions.push(about.message.version);
    fact.stored.push(stored);
  }
  return [...facts.values()].map(({ envelope, event, versions, stored }) => {
    const { eventId, key, source, sequence, occurredAt, correlationId, causationId } = envelope;
    const ids = { eventId, key, source, sequence, occurredAt, correlationId, causationId };
    return { event, ...ids, versions, stored, body: stored[0] && jsonOf(stored[0]) };
  });
}

/** The facts of one event whose written version is there and valid, with that body. */
export function factsOfEvent<Written>(
  facts: readonly PublishedEvent[],
  { writes }: EventDescriptor<Written>,
): PublishedEvent<Written>[] {
  return facts.flatMap((fact) => {
    const stored = fact.stored.find(({ subject }) => subject === writes.subject);
    const body = stored && jsonOf(stored);
    return writes.validate(body) ? [{ ...fact, body }] : [];
  });
}

/** The dead letters among stored messages. */
export function lettersOf(messages: readonly StoredMessage[]): DeadLetter[] {
  return messages.filter(isDeadLetter).map((stored) => {
    const [, service = "", channel = "", version = ""] = stored.subject.split(".");
    const header = foldNames(stored.headers);
    const correlationId = header.get("correlation-id");
    return {
      service,
      channel,
      version: Number(version.slice(1)),
      consumer: header.get("dlq-consumer") ?? service,
      code: header.get("dlq-code") ?? "",
      error: header.get("dlq-error") ?? "",
      attempts: Number(header.get("dlq-attempts") ?? 0),
      fingerprint: header.get("dlq-fingerprint"),
      eventId: peekEventId(stored.headers),
      correlationId: correlationId === undefined ? undefined : decodeHeader(correlationId),
      stored,
    };
  });
}

function isDeadLetter({ subject }: StoredMessage): boolean {
  return subject.startsWith("dead.");
}

function envelopeOf(stored: StoredMessage, { event, message }: Known): Envelope | undefined {
  try {
    return readEnvelope(stored.headers, jsonOf(stored), event, message);
  } catch {
    return undefined;
  }
}

function jsonOf({ data }: StoredMessage): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data));
  } catch {
    return undefined;
  }
}
