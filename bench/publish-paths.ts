/** The ways to publish that are measured against each other. */
import { randomUUID } from "node:crypto";
import { jetstream } from "@nats-io/jetstream";
import { headers, type MsgHdrs, type NatsConnection } from "@nats-io/transport-node";
import { orderPayable } from "#generated/events/order-payable/event.ts";
import type { Broker, OutgoingMessage } from "../runtime/broker.ts";
import { messageIdOf, writeHeaders } from "../runtime/events/envelope.ts";
import { makeEvent, stampBody } from "../runtime/events/outgoing.ts";

/** Publishes `count` events, `window` at a time, and resolves when all are acknowledged. */
export type PublishMany = (count: number, window: number) => Promise<void>;

/** A way to publish; what it needs ready is made by `prepare`, outside the measurement. */
export interface PublishPath {
  readonly name: string;
  prepare(count: number): PublishMany;
}

const utf8 = new TextEncoder();
const cause = { correlationId: randomUUID(), causationId: randomUUID() };
const payload = { order_id: randomUUID(), total: { amount: 12_990, currency: "EUR" } };

/** An event as the runtime makes it: checked by the contract's validator, stamped, with its envelope. */
function makeMessage(sequence: number): OutgoingMessage {
  const identity = { eventId: randomUUID(), occurredAt: new Date().toISOString() };
  const event = makeEvent(orderPayable, payload, cause, identity);
  const pinned = event.versions[0];
  if (pinned === undefined) throw new Error("The event has no version.");
  const { message } = pinned;
  const envelope = { ...cause, ...identity, key: event.key, sequence, source: "order", traceparent: undefined };
  return {
    subject: message.subject,
    data: utf8.encode(stampBody(event, pinned, cause, sequence)),
    headers: writeHeaders(message.type, envelope, message.dataschema),
    messageId: messageIdOf(identity.eventId, message.version),
  };
}

/** The runtime's own: everything from the payload on is inside the measurement. */
export function tandemPath(broker: Broker): PublishPath {
  return {
    name: "tandem",
    prepare: () => (count, window) => inWindow(count, window, (index) => broker.publish(makeMessage(index + 1))),
  };
}

/** The client's, given ready bytes, with the same headers set on each message. */
export function clientPath(client: NatsConnection): PublishPath {
  const js = jetstream(client);
  return {
    name: "js.publish",
    prepare: (count) => {
      const messages = makeMessages(count);
      return (_, window) =>
        inWindow(count, window, (index) => {
          const { subject, data, headers: record, messageId: msgID } = at(messages, index);
          return js.publish(subject, data, { headers: toHeaders(record), msgID });
        });
    },
  };
}

/** The client's, given ready bytes and headers that were set before: nothing is left to do but to publish. */
export function readyClientPath(client: NatsConnection): PublishPath {
  const js = jetstream(client);
  return {
    name: "js.publish, headers ready",
    prepare: (count) => {
      const messages = makeMessages(count).map((message) => ({ ...message, ready: toHeaders(message.headers) }));
      return (_, window) =>
        inWindow(count, window, (index) => {
          const { subject, data, ready, messageId: msgID } = at(messages, index);
          return js.publish(subject, data, { headers: ready, msgID });
        });
    },
  };
}

function makeMessages(count: number): OutgoingMessage[] {
  return Array.from({ length: count }, (_, index) => makeMessage(index + 1));
}

function toHeaders(record: OutgoingMessage["headers"]): MsgHdrs {
  const made = headers();
  for (const [name, value] of Object.entries(record)) made.set(name, value);
  return made;
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`There is no item ${index}.`);
  return item;
}

async function inWindow(count: number, window: number, publish: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await publish(next++);
  };
  await Promise.all(Array.from({ length: window }, lane));
}
