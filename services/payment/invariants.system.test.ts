/** What payment says of its own books, when they balance and when somebody spoiled them. */
import { randomUUID } from "node:crypto";
import { createDependency } from "@tandem/runtime";
import { afterAll, beforeEach, expect, it } from "vitest";
import { payment } from "#generated/services/payment.ts";
import { startGateway } from "../../lab/gateway/gateway.ts";
import { received, serviceForTest } from "../../lab/testing/service-harness.ts";
import { createGateway } from "./gateway.ts";
import { paymentHandlers } from "./handlers.ts";

const service = await serviceForTest(payment, new URL("./schema.sql", import.meta.url));
const fake = await startGateway();
afterAll(() => fake.stop());
beforeEach(() => fake.behave());
const patience = { timeoutMs: 10_000, retries: 0, breakAfter: 50, halfOpenAfterMs: 60_000 };
const gateway = createGateway(fake.url, createDependency("gateway", patience));
const { orderPayable, orderCancelled } = paymentHandlers(gateway);

async function pay(order_id: string = randomUUID()): Promise<string> {
  await service.handle(orderPayable, received("v1", { order_id, total: { amount: 900, currency: "EUR" as const } }));
  return order_id;
}

async function cancel(order_id: string): Promise<string> {
  await service.handle(orderCancelled, received("v1", { order_id, reason: "deadline_passed" as const }));
  await service.rows("select tandem_record_inbox('payment', 'orders.cancelled', $1, 1, $2, 1, 'c', 'ORDERS', 1)", [
    ...[randomUUID(), order_id],
  ]);
  return order_id;
}

/** What is said of one order, by invariant. */
async function saidOf(orderId: string): Promise<readonly string[]> {
  const found = await service.rows(
    `select invariant || ' ' || (told ->> 'why') as words from tandem_invariants(), json_array_elements(detail) as told
      where not holds and told ->> 'order_id' = $1 order by 1`,
    [orderId],
  );
  return found.map(({ words }) => String(words));
}

it("finds nothing wrong with what is paid, given back, declined or cancelled before it came", async () => {
  const orders = [await pay(), await cancel(await pay()), await cancel(randomUUID())];
  fake.behave({ mode: "decline" });
  orders.push(await cancel(await pay()));
  expect(await Promise.all(orders.map(saidOf))).toEqual([[], [], [], []]);
  expect(await service.rows("select invariant, checked::int, holds from tandem_invariants() order by 1")).toEqual([
    { invariant: "I11", checked: 3, holds: true },
    { invariant: "I4", checked: 4, holds: true },
  ]);
});

it("finds nothing wrong with money whose capture was never committed here, and that was given back", async () => {
  const order_id = randomUUID();
  await gateway.charge(order_id, { amount: 900, currency: "EUR" }, false, new AbortController().signal);
  expect(fake.entries.find(({ key }) => key === order_id)?.kind).toBe("captured");
  await cancel(order_id);
  expect((await service.published(order_id)).map(({ event }) => event)).toEqual(["payments.refunded"]);
  expect(await saidOf(order_id)).toEqual([]);
});

it("does not ask a charge of longer ago for events that are not kept any more", async () => {
  const order_id = await pay();
  await service.rows("delete from tandem_outbox where key = $1", [order_id]);
  expect(await saidOf(order_id)).toHaveLength(1);
  await service.rows("update charges set at = now() - interval '31 days' where order_id = $1", [order_id]);
  expect(await saidOf(order_id)).toEqual([]);
});

const COPY = `insert into tandem_outbox (key, sequence, event, event_id, occurred_at, versions, correlation_id, causation_id)
  select key, sequence + 1, event, event_id || '-2', occurred_at, versions, correlation_id, causation_id
    from tandem_outbox where key = $1::uuid::text and event = `;

it.each([
  ["captured twice", pay, `${COPY} 'payments.succeeded'`, ["I4 2 captures"]],
  ["given back twice", async () => cancel(await pay()), `${COPY} 'payments.refunded'`, ["I4 2 refunds"]],
  [
    "captured without a word",
    pay,
    "delete from tandem_outbox where key = $1::uuid::text",
    ["I4 captured, and no capture was told of"],
  ],
  [
    "given back without a word",
    async () => cancel(await pay()),
    "delete from tandem_outbox where key = $1::uuid::text and event = 'payments.refunded'",
    ["I4 refunded, and 0 refunds were told of"],
  ],
  [
    "kept after it was given back",
    async () => cancel(await pay()),
    "update charges set state = 'captured' where order_id = $1",
    ["I11 orders.cancelled was applied, and its charge is captured", "I4 captured, and 1 refunds were told of"],
  ],
  [
    "captured for another amount",
    pay,
    "update charges set amount = 901 where order_id = $1",
    ["I4 the amounts are not the same: 900, 900, 901"],
  ],
  [
    "moved without a charge",
    pay,
    "delete from charges where order_id = $1",
    ["I4 money moved, and there is no charge"],
  ],
  [
    "kept of a cancelled order",
    pay,
    `select tandem_record_inbox('payment', 'orders.cancelled', $1::uuid::text, 1, $1::uuid::text, 1, 'c', 'ORDERS', 1)`,
    ["I11 orders.cancelled was applied, and its charge is captured"],
  ],
])("names money that was %s", async (_, make, spoil, words) => {
  const orderId = await make();
  expect(await saidOf(orderId)).toEqual([]);
  await service.rows(spoil, [orderId]);
  expect(await saidOf(orderId)).toEqual(words);
});
