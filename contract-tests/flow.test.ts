/** The reference system end to end: real servers, real processes, orders over HTTP. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAdmin, type StoredMessage } from "@tandem/runtime/admin";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OrderStatus } from "#generated/http/get-order.ts";
import type { OrderCreatedV1 } from "#generated/events/order-created/v1.ts";
import type { LedgerEntry } from "../lab/gateway/ledger.ts";
import { startSystem, type System } from "../lab/system/system.ts";
import { eventually } from "../lab/testing/eventually.ts";
import { publishRaw } from "../lab/testing/publish-raw.ts";
import { databaseForTest, natsForTest } from "../lab/testing/servers.ts";

/** On a busy machine a whole saga takes its time. */
const DECISION = { deadlineMs: 20_000 };
const STREAMS = ["ORDERS", "INVENTORY", "PAYMENTS"];

const { url: natsUrl } = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const directory = await mkdtemp(join(tmpdir(), "tandem-flow-"));
const admin = await openAdmin({ servers: [natsUrl] });
let system: System;

beforeAll(async () => {
  system = await startSystem({ natsUrl, databaseUrl, directory });
});

afterAll(async () => {
  await system?.stop();
  await admin.close();
  await rm(directory, { recursive: true, force: true });
});

describe("an order", () => {
  it("that can be reserved and paid is confirmed, and charged once", async () => {
    const { id } = await place([{ product_id: "tea-250", quantity: 2 }]);
    const order = await decided(id);
    expect(order).toMatchObject({ status: "confirmed", total: { amount: 900, currency: "EUR" } });
    expect(order.history.map(({ event }) => event)).toEqual([
      "orders.created",
      "inventory.reserved",
      "orders.payable",
      "payments.succeeded",
      "orders.confirmed",
    ]);
    expect(await charges(id)).toEqual([{ kind: "captured", amount: { amount: 900, currency: "EUR" } }]);
  });

  it("with too little stock is cancelled, and neither reserved nor charged", async () => {
    const { id } = await place([
      { product_id: "tea-250", quantity: 1 },
      { product_id: "pot-clay", quantity: 4 },
    ]);
    expect(await decided(id)).toMatchObject({ status: "cancelled", reason: "insufficient_stock" });
    expect(await charges(id)).toEqual([]);
  });

  it("whose payment is declined is cancelled, and its reservation is given back", async () => {
    await tellGateway([{ mode: "decline", amount: 5_900 }]);
    const { id } = await place([{ product_id: "kettle-steel", quantity: 1 }]);
    expect(await decided(id)).toMatchObject({ status: "cancelled", reason: "payment_failed" });
    expect((await charges(id)).map(({ kind }) => kind)).toEqual(["declined"]);
    const events = await eventually(async () => {
      const found = await eventsOf(id);
      expect(found.map(({ subject }) => subject)).toContain("orders.cancelled.v1");
      return found;
    });
    expect(events.map(({ subject }) => subject)).not.toContain("orders.confirmed.v1");
    await tellGateway([]);
  });

  it("that is sent twenty times at once with one Idempotency-Key is one order", async () => {
    const key = randomUUID();
    const placed = await Promise.all(
      Array.from({ length: 20 }, () => place([{ product_id: "cup-white", quantity: 1 }], { "idempotency-key": key })),
    );
    const ids = new Set(placed.map(({ id }) => id));
    expect(ids.size).toBe(1);
    const [id] = ids;
    if (id === undefined) throw new Error("no order was accepted");
    expect(await decided(id)).toMatchObject({ status: "confirmed" });
    expect(await charges(id)).toHaveLength(1);
  });
});

describe("the events of an order", () => {
  it("carry the request's correlation id, name their cause, and are numbered by their publisher", async () => {
    const correlationId = `flow-${randomUUID()}`;
    const { id } = await place([{ product_id: "tea-250", quantity: 1 }], { "x-correlation-id": correlationId });
    await decided(id);
    const events = await eventually(async () => {
      const found = await eventsOf(id);
      // Five facts, of which the first is published in two versions.
      expect(found).toHaveLength(6);
      return found;
    });

    const ids = new Set(events.map(({ headers }) => headers["ce-id"]));
    for (const { subject, headers, data } of events) {
      expect(headers).toMatchObject({ "correlation-id": correlationId, "ce-type": subject, "ce-subject": id });
      expect(headers["Nats-Msg-Id"]).toBe(`${headers["ce-id"]}:${subject.at(-1)}`);
      // The first cause is the request, whose id is the correlation id.
      expect([...ids, correlationId]).toContain(headers["causation-id"]);
      const { meta }: Pick<OrderCreatedV1, "meta"> = JSON.parse(new TextDecoder().decode(data));
      expect(meta).toMatchObject({
        event_id: headers["ce-id"],
        correlation_id: correlationId,
        causation_id: headers["causation-id"],
      });
    }
    const sequences = events.filter(({ headers }) => headers["ce-source"] === "order").map(sequenceOf);
    expect(sequences).toEqual([1, 1, 2, 3]);
  });

  it("say the same fact in every version that is published, newest first, under one event id", async () => {
    const { id } = await place([{ product_id: "tea-250", quantity: 7 }]);
    await decided(id);
    const created = (await eventsOf(id)).filter(({ subject }) => subject.startsWith("orders.created."));
    expect(created.map(({ subject }) => subject)).toEqual(["orders.created.v2", "orders.created.v1"]);
    expect(new Set(created.map(({ headers }) => headers["ce-id"])).size).toBe(1);
    const bodies = created.map(({ data }): unknown => JSON.parse(new TextDecoder().decode(data)));
    expect(bodies).toMatchObject([
      {
        version: "v2",
        order_id: id,
        lines: [{ sku: "tea-250", quantity: 7, unit_price: null }],
        customer_id: null,
        total: null,
      },
      { version: "v1", order_id: id, items: [{ product_id: "tea-250", quantity: 7 }] },
    ]);
  });

  it("have their effect once, however often they are delivered", async () => {
    const { id } = await place([{ product_id: "tea-250", quantity: 3 }]);
    await decided(id);
    const before = await eventsOf(id);
    const created = before.find(({ subject }) => subject === "orders.created.v1");
    if (!created) throw new Error("the order has no orders.created");
    // The broker forgets a message id after its window; another id, which this makes, stands for that.
    await publishRaw(natsUrl, created);
    await settled();
    const after = await eventsOf(id);
    expect(after.map(({ subject }) => subject).filter((subject) => subject !== "orders.created.v1")).toEqual(
      before.map(({ subject }) => subject).filter((subject) => subject !== "orders.created.v1"),
    );
    expect(await charges(id)).toHaveLength(1);
  });
});

describe("a message that is not as the contract says", () => {
  const body = { version: "v1", order_id: randomUUID(), items: [{ product_id: "tea-250", quantity: 1 }] };
  const headers = () => ({
    "ce-specversion": "1.0",
    "ce-id": randomUUID(),
    "ce-type": "orders.created.v1",
    "ce-source": "somebody",
    "ce-time": new Date().toISOString(),
    "correlation-id": randomUUID(),
  });

  it.each([
    { title: "is no JSON", data: '{"version": "v1"', code: "BODY_NOT_JSON", why: "" },
    { title: "is no UTF-8", data: new Uint8Array([0x22, 0xff, 0x22]), code: "BODY_NOT_JSON", why: "" },
    { title: "is empty", data: "", code: "BODY_NOT_JSON", why: "" },
    {
      title: "lacks a property",
      data: JSON.stringify({ ...body, items: undefined }),
      code: "EVENT_INVALID",
      why: "items",
    },
    {
      title: "has a wrong value",
      data: JSON.stringify({ ...body, order_id: "42" }),
      code: "EVENT_INVALID",
      why: "/order_id",
    },
    {
      title: "says another version than its subject",
      data: JSON.stringify({ ...body, version: "v9" }),
      code: "EVENT_INVALID",
      why: "/version",
    },
  ])("and $title is a dead letter with the reason, and the next order flows", async ({ data, code, why }) => {
    const envelope = headers();
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    const { sequence } = await publishRaw(natsUrl, { subject: "orders.created.v1", headers: envelope, data: bytes });
    const letter = await deadLetterOf("ORDERS", sequence);
    expect(letter.subject).toBe("dead.inventory.orderCreated.v1");
    expect(letter.headers).toMatchObject({
      "dlq-consumer": "inventory-orderCreated-v1",
      "dlq-subject": "orders.created.v1",
      "dlq-attempts": "1",
      "dlq-code": code,
      "ce-id": envelope["ce-id"],
    });
    expect(letter.headers["dlq-error"]).toContain(why);
    expect([...letter.data]).toEqual([...bytes]);

    const { id } = await place([{ product_id: "tea-250", quantity: 1 }]);
    expect(await decided(id)).toMatchObject({ status: "confirmed" });
  });

  it("and lacks its headers is a dead letter that names them", async () => {
    const data = new TextEncoder().encode(JSON.stringify(body));
    const { sequence } = await publishRaw(natsUrl, { subject: "orders.created.v1", headers: {}, data });
    const letter = await deadLetterOf("ORDERS", sequence);
    expect(letter.headers["dlq-code"]).toBe("ENVELOPE_INVALID");
    expect(letter.headers["dlq-error"]).toContain("ce-id");
  });

  it("and has a version that the contract does not know is refused by the broker", async () => {
    const data = new TextEncoder().encode(JSON.stringify({ ...body, version: "v9" }));
    await expect(publishRaw(natsUrl, { subject: "orders.created.v9", headers: headers(), data })).rejects.toThrow(
      /orders\.created\.v9/,
    );
  });
});

// Among the last, because what the killed process held stays unsettled for the whole ack wait.
describe("a service", () => {
  it("that is killed loses no order", async () => {
    await system.services["inventory"]?.process.kill();
    const { id } = await place([{ product_id: "tea-250", quantity: 1 }]);
    await eventually(async () => {
      expect((await eventsOf(id)).map(({ subject }) => subject)).toEqual(["orders.created.v2", "orders.created.v1"]);
    });
    await system.startReplica("inventory");
    expect(await decided(id)).toMatchObject({ status: "confirmed" });
  });

  it("that is told to stop ends with exit code 0", async () => {
    expect(await system.stop()).toEqual([]);
  });
});

async function place(
  items: readonly { readonly product_id: string; readonly quantity: number }[],
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly id: string }> {
  const response = await fetch(`${system.url}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ items }),
  });
  expect(response.status).toBe(202);
  const body = (await response.json()) as { order_id: string; status: string };
  expect(body.status).toBe("processing");
  expect(response.headers.get("location")).toBe(`/orders/${body.order_id}`);
  expect(response.headers.get("x-correlation-id")).toBeTruthy();
  return { id: body.order_id };
}

async function decided(id: string): Promise<OrderStatus> {
  return eventually(async () => {
    const response = await fetch(`${system.url}/orders/${id}`);
    const order = (await response.json()) as OrderStatus;
    expect(order.status).not.toBe("processing");
    return order;
  }, DECISION);
}

async function tellGateway(rules: readonly object[]): Promise<void> {
  const response = await fetch(`${system.gateway.url}/behaviour`, { method: "PUT", body: JSON.stringify(rules) });
  expect(response.ok).toBe(true);
}

async function charges(id: string): Promise<readonly Partial<LedgerEntry>[]> {
  const response = await fetch(`${system.gateway.url}/ledger`);
  const { entries } = (await response.json()) as { entries: LedgerEntry[] };
  return entries
    .filter(({ key }) => key === id)
    .map((entry) => ("amount" in entry ? { kind: entry.kind, amount: entry.amount } : { kind: entry.kind }));
}

/** The events of one order, as they were stored. */
async function eventsOf(id: string): Promise<readonly StoredMessage[]> {
  const found: StoredMessage[] = [];
  for (const stream of STREAMS) {
    for await (const message of admin.readStream(stream, { follow: false })) {
      if (message.headers["ce-subject"] === id) found.push(message);
    }
  }
  return found.sort((a, b) => a.storedAt - b.storedAt || a.sequence - b.sequence);
}

async function deadLetterOf(stream: string, sequence: number): Promise<StoredMessage> {
  return eventually(async () => {
    for await (const message of admin.readStream("DEAD_LETTERS", { follow: false })) {
      const { headers } = message;
      if (headers["dlq-stream"] === stream && headers["dlq-sequence"] === String(sequence)) return message;
    }
    throw new Error(`there is no dead letter for ${stream}:${sequence}`);
  });
}

/** Waits until every durable has settled what it was given. */
async function settled(): Promise<void> {
  await eventually(async () => {
    for (const stream of STREAMS) {
      for (const { name, pending, ackPending } of await admin.durables(stream)) {
        expect({ name, pending, ackPending }).toEqual({ name, pending: 0, ackPending: 0 });
      }
    }
  });
}

function sequenceOf({ data }: StoredMessage): number | undefined {
  const { meta }: Pick<OrderCreatedV1, "meta"> = JSON.parse(new TextDecoder().decode(data));
  return meta?.sequence;
}
