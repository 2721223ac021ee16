/** What services register, with their books spoiled by hand in the running system. */
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { booksForTests } from "./tests/books.ts";

const { url: natsUrl } = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const system = booksForTests({ natsUrl, databaseUrl });
const { brokenBy } = system;

it("I1: a second idempotency key stands for an order", async () => {
  const broken = await brokenBy(() =>
    system.books.rows("order", "insert into idempotency_keys values ('again', 'f', $1)", [system.history.confirmed]),
  );
  expect(broken).toEqual({ "I1 order": [{ order_id: system.history.confirmed, why: "2 idempotency keys" }] });
});

it("I2: an order is confirmed and cancelled", async () => {
  const broken = await brokenBy(() =>
    system.books.rows(
      "order",
      "insert into order_history (order_id, event, at) values ($1, 'orders.confirmed', now())",
      [system.history.declined],
    ),
  );
  expect(broken).toEqual({
    "I2 order": [{ order_id: system.history.declined, why: "its history says confirmed and cancelled" }],
  });
});

it("I3: a reservation is gone", async () => {
  const broken = await brokenBy(async () => {
    await system.books.rows("inventory", "delete from reservation_lines where order_id = $1", [
      system.history.confirmed,
    ]);
    await system.books.rows("inventory", "delete from reservations where order_id = $1", [system.history.confirmed]);
  });
  expect(broken).toEqual({
    "I3 inventory": [{ product_id: "tea-250", why: "3 sold, and the sold reservations hold 1" }],
  });
});

it("I4: the price was captured a second time", async () => {
  const order_id = system.history.confirmed;
  const amount = { amount: 900, currency: "EUR" };
  const broken = await brokenBy(() =>
    system.books.commit({
      ...{ service: "payment", event: "payments.succeeded", key: order_id },
      payload: { order_id, charge_id: "ch_second", amount },
    }),
  );
  expect(broken).toEqual({ "I4 payment": [{ order_id, why: "2 captures" }] });
});

it.each([
  ["inventory", "its stock is sold", () => system.history.sold],
  ["payment", "its charge is captured", () => system.history.confirmed],
] as const)("I11: %s kept something of a cancelled order", async (service, why, order) => {
  const broken = await brokenBy(() =>
    system.books.rows(
      service,
      `insert into tandem_inbox
       values ($1, 'orders.cancelled', $2, 1, $3, 9, 'c', 'ORDERS', 1, now(), 1)`,
      [service, randomUUID(), order()],
    ),
  );
  expect(broken).toEqual({
    [`I11 ${service}`]: [expect.objectContaining({ why: `orders.cancelled was applied, and ${why}` })],
  });
});

it("a service's function that fails is named, and the others are judged", async () => {
  const broken = await brokenBy(() =>
    system.books.rows(
      "payment",
      `create or replace function tandem_invariants()
       returns table (invariant text, says text, checked bigint, holds boolean, detail json)
       language sql stable as $$ select 'I4', 'x', 1 / 0, true, null::json $$`,
    ),
  );
  expect(broken).toEqual({ "registered payment": [{ service: "payment", why: "division by zero" }] });
});
