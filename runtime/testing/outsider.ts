/** Whoever publishes and is no service of the system: another team's service, or a stranger. */
import { randomUUID } from "node:crypto";
import type { Broker, MessageHeaders, PublishAck } from "../broker.ts";
import type { Clock } from "../clock.ts";
import type { EventDescriptor } from "../descriptors.ts";
import type { HandWrittenParts } from "../events/derive-versions.ts";
import { messageIdOf, writeHeaders, type Envelope } from "../events/envelope.ts";
import { makeEvent, stampBody } from "../events/outgoing.ts";
import { ackFromWire, type WireNames } from "./wire-names.ts";

/** Where an event comes from; what is absent is made up. */
export type OutsideOrigin = Partial<
  Pick<
    Envelope,
    "eventId" | "occurredAt" | "correlationId" | "causationId" | "sequence" | "previous" | "source" | "traceparent"
  >
> & {
  /** That of the event when absent. Another one stores a fact again, as after the duplicate window; `:<version>` is added. */
  readonly messageId?: string;
  /** The hand-written parts of the event's mappings, where it has any. */
  readonly evolutions?: HandWrittenParts;
};

/** Any message, whether or not a contract allows it. */
export interface OutsideMessage {
  readonly subject: string;
  /** Bytes or text as they are; anything else as JSON. */
  readonly body: unknown;
  /** None when absent. */
  readonly headers?: MessageHeaders;
  /** One of its own when absent. */
  readonly messageId?: string;
}

const utf8 = new TextEncoder();

/** Publishes through a broker under the names of the contract. */
export function createOutsider(broker: Broker, names: WireNames, clock: Clock) {
  const publishRaw = async ({
    subject,
    body,
    headers = {},
    messageId = randomUUID(),
  }: OutsideMessage): Promise<PublishAck> => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const data = body instanceof Uint8Array ? body : utf8.encode(text);
    return ackFromWire(names, await broker.publish({ subject: names.subject(subject), data, headers, messageId }));
  };

  /** The last sequence of each key, and of each key and event. */
  const lasts = new Map<string, number>();
  /** What comes next for a key, counted as a service's outbox does. */
  const placeOf = (event: string, key: string): Required<Pick<Envelope, "sequence" | "previous">> => {
    const sequence = (lasts.get(key) ?? 0) + 1;
    const ofEvent = JSON.stringify([key, event]);
    const previous = lasts.get(ofEvent) ?? 0;
    lasts.set(key, sequence).set(ofEvent, sequence);
    return { sequence, previous };
  };

  return {
    publishRaw,
    /**
     * Publishes every version of an event, and answers its envelope. The events of a key are counted, as a service
     * counts its own, unless a sequence is given.
     */
    async publish(event: EventDescriptor, payload: unknown, origin: OutsideOrigin = {}): Promise<Envelope> {
      const { evolutions, messageId, ...given } = origin;
      const eventId = given.eventId ?? randomUUID();
      const correlationId = given.correlationId ?? `test-${eventId}`;
      const made = {
        eventId,
        occurredAt: new Date(clock.now()).toISOString(),
        correlationId,
        causationId: correlationId,
        sequence: undefined,
        source: "test",
        traceparent: undefined,
        ...given,
      };
      const outgoing = makeEvent(event, payload, made, made, evolutions);
      const place = given.sequence === undefined ? placeOf(event.name, outgoing.key) : {};
      const envelope: Envelope = { ...made, ...place, key: outgoing.key };
      for (const pinned of outgoing.versions) {
        const { subject, type, version, dataschema } = pinned.message;
        await publishRaw({
          subject,
          body: stampBody(outgoing, pinned, made, envelope.sequence ?? 1),
          headers: writeHeaders(type, envelope, dataschema),
          messageId: messageIdOf(messageId ?? eventId, version),
        });
      }
      return envelope;
    },
  };
}
