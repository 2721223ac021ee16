/** The reference system end to end: real servers, real processes, orders over HTTP. */
import { randomUUID } from "node:crypto";
import type { StoredMessage } from "@tandem/runtime/admin";
import { describe, expect, it } from "vitest";
import type { OrderCreatedV1 } from "#generated/events/order-created/v1.ts";
import { eventually } from "../lab/testing/eventually.ts";
import { publishRaw } from "../lab/testing/publish-raw.ts";
import { charges, decided, eventsOf, natsUrl, place, settled, system, tellGateway } from "./reference-system.ts";

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

function sequenceOf({ data }: StoredMessage): number | undefined {
  const { meta }: Pick<OrderCreatedV1, "meta"> = JSON.parse(new TextDecoder().decode(data));
  return meta?.sequence;
}
