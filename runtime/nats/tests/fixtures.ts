/** What the tests of the adapter share. Everything made here is closed when its test is over. */
import { pino } from "pino";
import { onTestFinished } from "vitest";
import type { Broker, Delivery, OutgoingMessage, Settlement, SubscribeOptions, Subscription } from "../../broker.ts";
import { openAdmin } from "../admin.ts";
import type { Admin, DurableRequest, StreamRequest } from "../admin-shapes.ts";
import { openBroker, type BrokerOptions } from "../broker.ts";

export const silent = pino({ level: "silent" });

/** Redials fast, so that a test of an outage takes no longer than the outage. */
const FAST = { baseMs: 20, capMs: 100 };

/** Takes what cleans up after a test. */
export type Finish = (cleanUp: () => Promise<void>) => void;

export function brokerForTest(
  url: string,
  options: Partial<BrokerOptions> = {},
  finish: Finish = onTestFinished,
): Broker {
  const broker = openBroker({
    servers: [url],
    name: "test",
    log: silent,
    backoff: FAST,
    closeLimitMs: 2_000,
    ...options,
  });
  finish(() => broker.close());
  return broker;
}

export async function adminForTest(url: string, finish: Finish = onTestFinished): Promise<Admin> {
  const admin = await openAdmin({ servers: [url] });
  finish(() => admin.close());
  return admin;
}

let streams = 0;

/** A stream of its own for one test, taking `<name>.>`. */
export async function streamForTest(admin: Admin, request: Partial<StreamRequest> = {}): Promise<string> {
  streams += 1;
  const name = `S${streams}`;
  await admin.createStream(name, { subjects: [`${name}.>`], ...request });
  return name;
}

export async function durableForTest(admin: Admin, stream: string, request: DurableRequest = {}): Promise<string> {
  await admin.createDurable(stream, `${stream}-reader`, request);
  return `${stream}-reader`;
}

export function outgoing(subject: string, id: string, headers: Record<string, string> = {}): OutgoingMessage {
  return { subject, messageId: id, headers, data: new TextEncoder().encode(JSON.stringify({ id })) };
}

/** Publishes `count` messages with the ids `0`, `1`, ... to one subject of a stream. */
export async function fill(broker: Broker, stream: string, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, id) => broker.publish(outgoing(`${stream}.a`, String(id)))));
}

export function idOf({ data }: Pick<Delivery, "data">): string {
  const body: unknown = JSON.parse(new TextDecoder().decode(data));
  return typeof body === "object" && body !== null && "id" in body ? String(body.id) : "";
}

/** The ids of deliveries, in their order. */
export function idsOf(deliveries: readonly Pick<Delivery, "data">[]): string[] {
  return deliveries.map(idOf);
}

/** A subscription that notes what it is given, and answers as it is told; `ack` when it is told nothing. */
export function subscribeForTest(
  broker: Broker,
  options: Pick<SubscribeOptions, "stream" | "durable"> & Partial<SubscribeOptions>,
  answer: (delivery: Delivery) => Settlement | Promise<Settlement> = () => ({ kind: "ack" }),
  finish: Finish = onTestFinished,
): { readonly subscription: Subscription; readonly deliveries: Delivery[] } {
  const deliveries: Delivery[] = [];
  const subscription = broker.subscribe({ concurrency: 4, ackWaitMs: 30_000, ...options }, async (delivery) => {
    deliveries.push(delivery);
    return answer(delivery);
  });
  finish(() => subscription.stop());
  return { subscription, deliveries };
}

/** A promise and what opens it, for a handler that is held until the test lets it go. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

/** What must be there. Throws when it is not. */
export function existing<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("It is not there.");
  return value;
}
