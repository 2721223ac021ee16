import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { order } from "#generated/services/order.ts";
import { eventually } from "../../../lab/testing/eventually.ts";
import { received, serviceForTest } from "../../../lab/testing/service-harness.ts";
import { cancelOverdueOrders } from "../deadlines.ts";
import { carryOut } from "../decisions.ts";
import { orderHandlers } from "../handlers.ts";
import { lockOrder } from "../orders.ts";
import { placeOrder } from "../place-order.ts";
import { readOrder } from "../read-order.ts";
import { decide, type Stage } from "../transitions.ts";

const service = await serviceForTest(order, new URL("../schema.sql", import.meta.url));
const total = { amount: 900, currency: "EUR" } as const;

/** Places an order; a negative deadline has passed already. */
async function place(deadlineSeconds = 900): Promise<string> {
  const correlationId = `req-${randomUUID()}`;
  const { orderId } = await service.transact({ correlationId, causationId: correlationId }, (run) =>
    placeOrder(run, {
      body: { items: [{ product_id: "tea-250", quantity: 2 }], customer_id: "c-1" },
      idempotencyKey: undefined,
      correlationId,
      placedAt: new Date(),
      deadlineSeconds,
    }),
  );
  return orderId;
}

const FACTS = {
  "inventory.reserved": (order_id: string) =>
    service.handle(orderHandlers.inventoryReserved, received("v1", { order_id, reservation_id: randomUUID() })),
  "inventory.rejected": (order_id: string) =>
    service.handle(
      orderHandlers.inventoryRejected,
      received("v1", { order_id, missing: [{ product_id: "tea-250", wanted: 2, available: 1 }] }),
    ),
  "payments.succeeded": (order_id: string) =>
    service.handle(orderHandlers.paymentSucceeded, received("v1", { order_id, charge_id: "ch_1", amount: total })),
  "payments.failed": (order_id: string) =>
    service.handle(orderHandlers.paymentFailed, received("v1", { order_id, reason: "declined" as const })),
  "payments.refunded": (order_id: string) =>
    service.handle(orderHandlers.paymentRefunded, received("v1", { order_id, charge_id: "ch_1", amount: total })),
  "deadline passed": async (order_id: string) => {
    await service.rows("update orders set deadline = now() - interval '1 second' where order_id = $1", [order_id]);
    await cancelOverdueOrders(service);
  },
};
type FactName = keyof typeof FACTS;
const EVENTS = [
  "inventory.reserved",
  "inventory.rejected",
  "payments.succeeded",
  "payments.failed",
  "payments.refunded",
] as const;
const FACT_NAMES: readonly FactName[] = [...EVENTS, "deadline passed"];
const STAGES: readonly Stage[] = ["accepted", "payable", "confirmed", "cancelled"];

async function orderIn(stage: Stage): Promise<string> {
  const id = await place();
  if (stage === "payable" || stage === "confirmed") await FACTS["inventory.reserved"](id);
  if (stage === "confirmed") await FACTS["payments.succeeded"](id);
  if (stage === "cancelled") await FACTS["deadline passed"](id);
  return id;
}

async function status(id: string) {
  const found = await readOrder(service.database, id);
  return { status: found?.status, reason: found?.reason, history: found?.history.map(({ event }) => event) };
}

async function published(id: string): Promise<string[]> {
  return (await service.published(id)).map(({ event }) => event);
}

describe("an accepted order", () => {
  it("is stored with its prices and published in one go", async () => {
    const id = await place();
    expect(await readOrder(service.database, id)).toEqual({
      order_id: id,
      status: "processing",
      total,
      history: [{ event: "orders.created", at: expect.stringMatching(/^\d{4}-.*Z$/) }],
    });
    expect(
      await service.rows("select product_id, quantity::int, unit_price::int from order_lines where order_id = $1", [
        id,
      ]),
    ).toEqual([{ product_id: "tea-250", quantity: 2, unit_price: 450 }]);
    expect(await service.published(id)).toMatchObject([
      { event: "orders.created", payload: { order_id: id, items: [{ product_id: "tea-250", quantity: 2 }] } },
    ]);
  });

  it("becomes payable, then confirmed", async () => {
    const id = await orderIn("confirmed");
    expect(await status(id)).toEqual({
      status: "confirmed",
      reason: undefined,
      history: ["orders.created", "inventory.reserved", "orders.payable", "payments.succeeded", "orders.confirmed"],
    });
    expect(await service.published(id)).toMatchObject([
      { event: "orders.created" },
      { event: "orders.payable", payload: { order_id: id, total } },
      { event: "orders.confirmed", payload: { order_id: id, total } },
    ]);
  });
});

/** What is published by each fact in each stage; "permanent" is a refusal for the dead letters. */
const TABLE: Readonly<Record<FactName, Readonly<Record<Stage, string>>>> = {
  "inventory.reserved": { accepted: "orders.payable", payable: "", confirmed: "", cancelled: "" },
  "inventory.rejected": {
    accepted: "orders.cancelled insufficient_stock",
    payable: "permanent",
    confirmed: "permanent",
    cancelled: "",
  },
  "payments.succeeded": { accepted: "permanent", payable: "orders.confirmed", confirmed: "", cancelled: "" },
  "payments.failed": {
    accepted: "permanent",
    payable: "orders.cancelled payment_failed",
    confirmed: "permanent",
    cancelled: "",
  },
  "payments.refunded": { accepted: "permanent", payable: "permanent", confirmed: "permanent", cancelled: "" },
  "deadline passed": {
    accepted: "orders.cancelled deadline_passed",
    payable: "orders.cancelled deadline_passed",
    confirmed: "",
    cancelled: "",
  },
};

const cases = FACT_NAMES.flatMap((fact) => STAGES.map((stage) => ({ fact, stage, expected: TABLE[fact][stage] })));

it.each(cases.filter(({ expected }) => expected !== "permanent"))(
  "$fact of an order that is $stage: '$expected', once",
  async ({ fact, stage, expected }) => {
    const id = await orderIn(stage);
    const told = (await service.published(id)).length;
    await FACTS[fact](id);
    const said = (await service.published(id)).slice(told);
    expect(said.map(({ event, payload }) => [event, payload["reason"]].filter(Boolean).join(" ")).join()).toBe(
      expected,
    );

    await FACTS[fact](id);
    expect(await published(id)).toHaveLength(told + said.length);
    const { history = [] } = await status(id);
    expect(new Set(history).size).toBe(history.length);
  },
);

it.each(cases.filter(({ expected }) => expected === "permanent"))(
  "$fact of an order that is $stage cannot be: it changes nothing and is for the dead letters",
  async ({ fact, stage }) => {
    const id = await orderIn(stage);
    const [before, told] = [await status(id), await published(id)];
    await expect(FACTS[fact](id)).rejects.toMatchObject({ code: "PERMANENT", message: expect.stringContaining(id) });
    expect(await status(id)).toEqual(before);
    expect(await published(id)).toEqual(told);
  },
);

it.each(EVENTS)("refuses %s of an order that it does not know", async (fact) => {
  const id = randomUUID();
  await expect(FACTS[fact](id)).rejects.toMatchObject({
    code: "PERMANENT",
    message: `${fact} speaks of order ${id}, which this service never accepted.`,
  });
});

it("notes what comes after a cancellation, in the order in which it came", async () => {
  const id = await orderIn("payable");
  await FACTS["deadline passed"](id);
  await FACTS["payments.succeeded"](id);
  await FACTS["payments.refunded"](id);
  expect(await status(id)).toEqual({
    status: "cancelled",
    reason: "deadline_passed",
    history: [
      "orders.created",
      "inventory.reserved",
      "orders.payable",
      "orders.cancelled",
      "payments.succeeded",
      "payments.refunded",
    ],
  });
});

it("decides once when everything happens at the same moment", async () => {
  const orders = await Promise.all(Array.from({ length: 10 }, () => orderIn("payable")));
  const happens = orders.flatMap((id) => [FACTS["payments.succeeded"](id), FACTS["deadline passed"](id)]);
  await Promise.all([...happens, cancelOverdueOrders(service), cancelOverdueOrders(service)]);
  for (const id of orders) {
    const decisions = (await published(id)).filter((event) => event !== "orders.created" && event !== "orders.payable");
    expect([["orders.confirmed"], ["orders.cancelled"]]).toContainEqual(decisions);
  }
});

it("waits for whoever is deciding about the same order, and sees that decision", async () => {
  const id = await orderIn("payable");
  let late: Promise<void> | undefined;
  await service.transact({ correlationId: "c", causationId: "c" }, async (run) => {
    const locked = await lockOrder(run.tx, id);
    if (locked) await carryOut({ ...run, clock: service.clock }, locked, decide(locked.stage, "deadline passed"));
    late = FACTS["payments.succeeded"](id);
    await eventually(async () => {
      const waiting = await service.rows(
        "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      return waiting.length > 0;
    });
  });
  await late;
  expect(await status(id)).toMatchObject({ status: "cancelled", reason: "deadline_passed" });
  expect(await published(id)).toEqual(["orders.created", "orders.payable", "orders.cancelled"]);
});

describe("the sweeper", () => {
  it("cancels what is overdue and nothing else, under the correlation id of its request", async () => {
    const [overdue, inTime] = [await place(-1), await place(60)];
    await cancelOverdueOrders(service);
    expect(await status(overdue)).toMatchObject({ status: "cancelled", reason: "deadline_passed" });
    expect(await status(inTime)).toMatchObject({ status: "processing" });
    const said = await service.published(overdue);
    expect(said.map(({ event }) => event)).toEqual(["orders.created", "orders.cancelled"]);
    expect(new Set(said.map(({ correlationId }) => correlationId)).size).toBe(1);
  });

  it("lives in the time of its service: an order is overdue when that has passed its deadline", async () => {
    const id = await place(60);
    const at = (seconds: number) => ({
      ...service,
      clock: { ...service.clock, now: () => Date.now() + seconds * 1_000 },
    });
    await cancelOverdueOrders(at(30));
    expect(await status(id)).toMatchObject({ status: "processing" });
    await cancelOverdueOrders(at(61));
    expect(await status(id)).toMatchObject({ status: "cancelled", reason: "deadline_passed" });
  });

  it("passes over an order about which somebody is deciding, and takes it next time", async () => {
    const id = await place(-1);
    await service.transact({ correlationId: "c", causationId: "c" }, async ({ tx }) => {
      await tx.query("select 1 from orders where order_id = $1 for update", [id]);
      await cancelOverdueOrders(service);
    });
    expect(await status(id)).toMatchObject({ status: "processing" });
    await cancelOverdueOrders(service);
    expect(await status(id)).toMatchObject({ status: "cancelled" });
  });

  it("cancels the others when one cannot be cancelled, and says so", async () => {
    const [bad, good] = [await place(-2), await place(-1)];
    await service.rows("update orders set correlation_id = 'not an id' where order_id = $1", [bad]);
    await expect(cancelOverdueOrders(service)).rejects.toThrow("1 overdue orders could not be cancelled");
    expect(await status(good)).toMatchObject({ status: "cancelled" });
    await service.rows("update orders set correlation_id = 'mended' where order_id = $1", [bad]);
    await cancelOverdueOrders(service);
  });
});
