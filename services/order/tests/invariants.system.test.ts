/** What order says of its own books, when they balance and when somebody spoiled them. */
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { order } from "#generated/services/order.ts";
import { received, serviceForTest } from "../../../lab/testing/service-harness.ts";
import { cancelOverdueOrders } from "../deadlines.ts";
import { orderHandlers } from "../handlers.ts";
import { placeOrder } from "../place-order.ts";

const service = await serviceForTest(order, new URL("../schema.sql", import.meta.url));

async function place(deadlineSeconds = 900): Promise<string> {
  const ids = { correlationId: randomUUID(), causationId: randomUUID() };
  const { orderId } = await service.transact(ids, (run) =>
    placeOrder(run, {
      ...{ body: { items: [{ product_id: "tea-250", quantity: 2 }] }, placedAt: new Date(), deadlineSeconds },
      ...{ idempotencyKey: randomUUID(), correlationId: ids.correlationId },
    }),
  );
  return orderId;
}

async function confirm(order_id: string): Promise<void> {
  const amount = { amount: 900, currency: "EUR" } as const;
  await service.handle(orderHandlers.inventoryReserved, received("v1", { order_id, reservation_id: randomUUID() }));
  await service.handle(orderHandlers.paymentSucceeded, received("v1", { order_id, charge_id: "ch_1", amount }));
}

/** What is said of one order, by invariant. */
async function saidOf(orderId: string): Promise<readonly string[]> {
  const found = await service.rows(
    `select invariant || ' ' || (told ->> 'why') as words from tandem_invariants(), json_array_elements(detail) as told
      where not holds and told ->> 'order_id' = $1`,
    [orderId],
  );
  return found.map(({ words }) => String(words));
}

it("finds nothing wrong with orders of every ending, and counts each", async () => {
  const orders = [await place(), await place(), await place(-30)];
  await confirm(orders[1] ?? "");
  await cancelOverdueOrders(service);
  expect(await Promise.all(orders.map(saidOf))).toEqual([[], [], []]);
  expect(
    await service.rows("select invariant, checked::int, holds, detail from tandem_invariants() order by 1"),
  ).toEqual([
    { invariant: "I1", checked: 3, holds: true, detail: null },
    { invariant: "I2", checked: 3, holds: true, detail: null },
  ]);
});

it.each([
  ["another price", "update orders set total_amount = 1 where order_id = $1", "I1 its lines do not make its price"],
  ["no lines", "delete from order_lines where order_id = $1", "I1 its lines do not make its price"],
  [
    "no event",
    "delete from tandem_outbox where key = $1::uuid::text and event = 'orders.created'",
    "I1 0 events orders.created",
  ],
  [
    "a decision that nobody was told of",
    "delete from tandem_outbox where key = $1::uuid::text and event = 'orders.confirmed'",
    "I2 confirmed, and its events are 0 of orders.confirmed and 0 of orders.cancelled",
  ],
  [
    "a decision without history",
    "delete from order_history where order_id = $1 and event = 'orders.confirmed'",
    "I2 confirmed, and its history says otherwise",
  ],
  [
    "a decision that was taken back",
    "update orders set stage = 'cancelled', reason = 'deadline_passed' where order_id = $1",
    "I2 cancelled, and its history says otherwise",
  ],
])("names a confirmed order with %s", async (_, spoil, words) => {
  const orderId = await place();
  await confirm(orderId);
  expect(await saidOf(orderId)).toEqual([]);
  await service.rows(spoil, [orderId]);
  expect(await saidOf(orderId)).toEqual([words]);
});

it("names an order that is undecided after its deadline, and not within the minute that a sweeper has", async () => {
  const [late, overdue] = [await place(-30), await place(-90)];
  expect(await saidOf(late)).toEqual([]);
  expect(await saidOf(overdue)).toEqual([expect.stringMatching(/^I2 accepted since .*, and its deadline was /)]);
});
