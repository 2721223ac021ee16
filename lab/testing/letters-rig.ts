/** The provisioned broker of the reference system, its services with the handlers of a test, and an operator. */
import { randomUUID } from "node:crypto";
import { defineService, type MessageDescriptor, type RunningService, startService } from "@tandem/runtime";
import { type Admin, openAdmin, provisionDatabase, type StoredMessage } from "@tandem/runtime/admin";
import { onTestFinished } from "vitest";
import { orderCancelledV1 } from "#generated/events/order-cancelled/v1.ts";
import { orderCreatedV1 } from "#generated/events/order-created/v1.ts";
import { orderCreatedV2 } from "#generated/events/order-created/v2.ts";
import { inventory, type InventoryHandlers } from "#generated/services/inventory.ts";
import { order, type OrderPublishes } from "#generated/services/order.ts";
import { payment, type PaymentHandlers } from "#generated/services/payment.ts";
import { deadLettersCommand } from "../../ops/dead-letters/command.ts";
import { provision } from "../../ops/provision/provision.ts";
import { readTopology, servicesOf } from "../../ops/topology.ts";
import { messageIdOf, writeHeaders } from "../../runtime/events/envelope.ts";
import { eventually } from "./eventually.ts";

/** Retries that a test can wait for. */
const QUICK = { maxAttempts: 3, strategy: "fixed", delayMs: 10, maxDelayMs: 10, jitter: false } as const;
const TOPOLOGY = "generated/topology.json";

/** What an operator's command answered. */
export interface Answer {
  readonly code: number;
  readonly text: string;
}

/** One event on its way. */
export interface Told {
  readonly eventId: string;
  readonly orderId: string;
  readonly sequence: number;
}

/** A dead letter of a test's own. */
export interface Letter {
  readonly subject: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a letter failed that does not say it. */
const FAILED = {
  "dlq-stream": "ORDERS",
  "dlq-sequence": "1",
  "dlq-subject": "orders.created.v1",
  "dlq-consumer": "inventory-orderCreated-v1",
  "dlq-attempts": "5",
  "dlq-code": "HANDLER_FAILED",
  "dlq-error": "it failed",
};

/** A provisioned system for the tests of a file. */
export async function letterRig({ natsUrl, databaseUrl }: { readonly natsUrl: string; readonly databaseUrl: string }) {
  const topology = readTopology(TOPOLOGY);
  await provision(topology, { natsUrl });
  const databases = await provisionDatabase(databaseUrl, servicesOf(topology));
  const urlOf = (service: string): string => databases.find((database) => database.service === service)?.url ?? "";
  const envOf = (service: string) => ({
    NATS_URL: natsUrl,
    DATABASE_URL: urlOf(service),
    LOG_LEVEL: process.env["TEST_LOG"] ?? "silent",
  });
  const admin = await openAdmin({ servers: [natsUrl] });

  const during = async <S extends RunningService<unknown>>(service: S): Promise<S> => {
    onTestFinished(() => service.stop());
    await service.ready;
    return service;
  };
  const tell = async (message: MessageDescriptor, body: object, orderId: string, eventId: string): Promise<Told> => {
    const headers = writeHeaders(message.type, {
      ...{ eventId, occurredAt: new Date().toISOString(), correlationId: `c-${orderId}`, causationId: eventId },
      ...{ sequence: 1, source: "order", key: orderId, traceparent: undefined },
    });
    const data = new TextEncoder().encode(JSON.stringify(body));
    const messageId = messageIdOf(eventId, message.version);
    const { sequence } = await admin.publish({ subject: message.subject, data, headers, messageId });
    return { eventId, orderId, sequence };
  };
  const metaOf = (eventId: string, orderId: string) => ({
    ...{ event_id: eventId, occurred_at: new Date().toISOString(), correlation_id: `c-${orderId}` },
    ...{ causation_id: eventId, sequence: 1 },
  });

  return {
    admin,
    natsUrl,
    close: (): Promise<void> => admin.close(),
    /** Inventory until the end of the test, with the handlers given and others that do nothing. */
    startInventory: async (handlers: Partial<InventoryHandlers>) => {
      const none = { orderCreated: () => undefined, orderCancelled: () => undefined, orderConfirmed: () => undefined };
      const handles = Object.fromEntries(
        Object.entries(inventory.handles).map(([channel, handled]) => [channel, { ...handled, retry: QUICK }]),
      );
      return during(
        await startService({ ...inventory, handles }, { handlers: { ...none, ...handlers }, env: envOf("inventory") }),
      );
    },
    /** Payment until the end of the test. */
    startPayment: async (handlers: Partial<PaymentHandlers>) => {
      const none = { orderCancelled: () => undefined, orderPayable: () => undefined };
      return during(await startService(payment, { handlers: { ...none, ...handlers }, env: envOf("payment") }));
    },
    /** Order until the end of the test, which does nothing but publish what it is told to. */
    startOrder: async () => {
      const silent = defineService<object, OrderPublishes>({ ...order, handles: {} });
      return during(await startService(silent, { handlers: {}, env: envOf("order") }));
    },
    /** Publishes an order that was created, in version 1. */
    created: async (changes: object = {}, orderId: string = randomUUID(), eventId: string = randomUUID()) => {
      const items = [{ product_id: "tea-250", quantity: 1 }];
      return tell(orderCreatedV1, { version: "v1", order_id: orderId, items, ...changes }, orderId, eventId);
    },
    /** The same in version 2, with a customer, who is nobody's business. */
    createdV2: async (changes: object = {}, orderId: string = randomUUID(), eventId: string = randomUUID()) => {
      const lines = [{ sku: "tea-250", quantity: 1, unit_price: null }];
      const body = { version: "v2", order_id: orderId, customer_id: "Mallory", lines, total: null };
      return tell(orderCreatedV2, { ...body, meta: metaOf(eventId, orderId), ...changes }, orderId, eventId);
    },
    /** Publishes an order that was cancelled, which inventory and payment read. */
    cancelled: async (orderId: string = randomUUID()) => {
      const eventId = randomUUID();
      const body = { version: "v1", order_id: orderId, reason: "deadline_passed", meta: metaOf(eventId, orderId) };
      return tell(orderCancelledV1, body, orderId, eventId);
    },
    /** Stores a dead letter as a service would, of an event that nobody published. */
    letter: async ({ subject, body, headers = {} }: Letter): Promise<number> => {
      const { sequence } = await admin.publish({
        subject,
        data: new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body)),
        headers: { ...FAILED, "dlq-time": new Date().toISOString(), ...headers },
        messageId: `test:${randomUUID()}`,
      });
      return sequence;
    },
    /** `tandem dead-letters` with the database, or without. */
    async run(...argv: readonly string[]): Promise<Answer> {
      return operate({ NATS_URL: natsUrl, DATABASE_URL: databaseUrl }, argv);
    },
    async runWithoutDatabase(...argv: readonly string[]): Promise<Answer> {
      return operate({ NATS_URL: natsUrl }, argv);
    },
    /** The entries about an event, once there are so many; all at once must be enough to see one too many. */
    async entries(eventId: string, count: number): Promise<readonly StoredMessage[]> {
      return eventually(async () => {
        const found = await entriesOf(admin, eventId);
        return found.length >= count ? found : false;
      });
    },
    /** Waits until a durable has nothing left to do. */
    async atRest(durable: string, stream = "ORDERS"): Promise<void> {
      await eventually(async () => {
        const info = await admin.durable(stream, durable);
        const last = Math.max(
          0,
          ...(await Promise.all(
            (info?.settings.filterSubjects ?? []).map(
              async (subject) => (await admin.lastMessage(stream, subject))?.sequence ?? 0,
            ),
          )),
        );
        return info !== undefined && info.deliveredSequence >= last && info.pending === 0 && info.ackPending === 0;
      });
    },
  };
}

async function operate(env: Readonly<Record<string, string>>, argv: readonly string[]): Promise<Answer> {
  const lines: string[] = [];
  const code = await deadLettersCommand.run([...argv, "--topology", TOPOLOGY], {
    env,
    print: (text) => void lines.push(text),
  });
  return { code, text: lines.join("\n") };
}

async function entriesOf(admin: Admin, eventId: string): Promise<readonly StoredMessage[]> {
  const found: StoredMessage[] = [];
  for await (const message of admin.readStream("DEAD_LETTERS", { follow: false }))
    if (message.headers["ce-id"] === eventId) found.push(message);
  return found;
}
