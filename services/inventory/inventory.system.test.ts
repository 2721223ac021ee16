import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { inventory } from "#generated/services/inventory.ts";
import { received, serviceForTest } from "../../lab/testing/service-harness.ts";
import { inventoryHandlers } from "./handlers.ts";
import type { Line } from "./stock.ts";

const service = await serviceForTest(inventory, new URL("./schema.sql", import.meta.url));
const { orderCreated, orderConfirmed, orderCancelled } = inventoryHandlers;

const created = (order_id: string, ...items: readonly Line[]) =>
  service.handle(
    orderCreated,
    received("v2", {
      order_id,
      customer_id: null,
      lines: items.map(({ product_id, quantity }) => ({ sku: product_id, quantity, unit_price: null })),
      total: null,
    }),
  );
const confirmed = (order_id: string) =>
  service.handle(orderConfirmed, received("v1", { order_id, total: { amount: 1, currency: "EUR" as const } }));
const cancelled = (order_id: string) =>
  service.handle(orderCancelled, received("v1", { order_id, reason: "deadline_passed" as const }));

/** A product of the test's own with so much stock. */
async function product(initial: number): Promise<string> {
  const id = `test-${randomUUID()}`;
  await service.rows("insert into stock (product_id, initial, available) values ($1, $2, $2)", [id, initial]);
  return id;
}

async function books(product_id: string) {
  const [row] = await service.rows("select available::int, reserved::int, sold::int from stock where product_id = $1", [
    product_id,
  ]);
  return row;
}

async function answers(order_id: string): Promise<readonly string[]> {
  return (await service.published(order_id)).map(({ event }) => event);
}

describe("an order", () => {
  it("gets all of its lines reserved", async () => {
    const [tea, cup, order_id] = [await product(10), await product(5), randomUUID()];
    await created(order_id, { product_id: tea, quantity: 4 }, { product_id: cup, quantity: 5 });
    expect(await books(tea)).toEqual({ available: 6, reserved: 4, sold: 0 });
    expect(await books(cup)).toEqual({ available: 0, reserved: 5, sold: 0 });
    expect(await service.published(order_id)).toMatchObject([
      { event: "inventory.reserved", payload: { order_id, reservation_id: expect.stringMatching(/^[0-9a-f-]{36}$/) } },
    ]);
  });

  it("gets nothing when one line is short, and is told what is missing", async () => {
    const [tea, cup, order_id] = [await product(10), await product(1), randomUUID()];
    await created(
      order_id,
      { product_id: tea, quantity: 4 },
      { product_id: cup, quantity: 2 },
      { product_id: "never-heard-of", quantity: 3 },
      { product_id: "with\0nul", quantity: 1 },
    );
    expect(await books(tea)).toEqual({ available: 10, reserved: 0, sold: 0 });
    expect(await service.published(order_id)).toMatchObject([
      {
        event: "inventory.rejected",
        payload: {
          missing: [
            { product_id: cup, wanted: 2, available: 1 },
            { product_id: "never-heard-of", wanted: 3, available: 0 },
            { product_id: "with\0nul", wanted: 1, available: 0 },
          ],
        },
      },
    ]);
  });

  it("may name a product twice: the quantities add up", async () => {
    const [tea, fits, tooMuch] = [await product(10), randomUUID(), randomUUID()];
    await created(fits, { product_id: tea, quantity: 2 }, { product_id: tea, quantity: 3 });
    expect(await books(tea)).toEqual({ available: 5, reserved: 5, sold: 0 });
    await created(tooMuch, { product_id: tea, quantity: 3 }, { product_id: tea, quantity: 3 });
    expect((await service.published(tooMuch))[0]?.payload).toMatchObject({
      missing: [{ product_id: tea, wanted: 6, available: 5 }],
    });
  });

  it("may want more than any warehouse holds", async () => {
    const [tea, order_id] = [await product(10), randomUUID()];
    await created(order_id, { product_id: tea, quantity: 1e300 });
    expect(await answers(order_id)).toEqual(["inventory.rejected"]);
  });
});

describe("what was reserved", () => {
  it("is sold on confirmation, once", async () => {
    const [tea, order_id] = [await product(10), randomUUID()];
    await created(order_id, { product_id: tea, quantity: 4 });
    await confirmed(order_id);
    await confirmed(order_id);
    expect(await books(tea)).toEqual({ available: 6, reserved: 0, sold: 4 });
  });

  it("is released on cancellation, once", async () => {
    const [tea, order_id] = [await product(10), randomUUID()];
    await created(order_id, { product_id: tea, quantity: 4 });
    await cancelled(order_id);
    await cancelled(order_id);
    expect(await books(tea)).toEqual({ available: 10, reserved: 0, sold: 0 });
  });

  it("is reserved once, however often and however simultaneously the order comes", async () => {
    const [tea, order_id] = [await product(10), randomUUID()];
    await Promise.all(Array.from({ length: 8 }, () => created(order_id, { product_id: tea, quantity: 4 })));
    expect(await books(tea)).toEqual({ available: 6, reserved: 4, sold: 0 });
    expect(await answers(order_id)).toEqual(["inventory.reserved"]);
  });
});

describe("a cancellation", () => {
  it("that comes before its order leaves a tombstone: the order reserves nothing", async () => {
    const [tea, order_id] = [await product(10), randomUUID()];
    await cancelled(order_id);
    await created(order_id, { product_id: tea, quantity: 4 });
    expect(await books(tea)).toEqual({ available: 10, reserved: 0, sold: 0 });
    expect(await answers(order_id)).toEqual([]);
  });

  it("that comes together with its order leaves nothing reserved, whoever is first", async () => {
    const tea = await product(10);
    const orders = Array.from({ length: 10 }, () => randomUUID());
    await Promise.all(orders.flatMap((id) => [created(id, { product_id: tea, quantity: 4 }), cancelled(id)]));
    expect(await books(tea)).toEqual({ available: 10, reserved: 0, sold: 0 });
  });

  it("of a rejected order changes nothing", async () => {
    const [tea, order_id] = [await product(1), randomUUID()];
    await created(order_id, { product_id: tea, quantity: 4 });
    await cancelled(order_id);
    expect(await books(tea)).toEqual({ available: 1, reserved: 0, sold: 0 });
  });

  it("of a sold order is refused for good", async () => {
    const [tea, order_id] = [await product(10), randomUUID()];
    await created(order_id, { product_id: tea, quantity: 4 });
    await confirmed(order_id);
    await expect(cancelled(order_id)).rejects.toMatchObject({
      code: "PERMANENT",
      message: expect.stringContaining("is sold"),
    });
    expect(await books(tea)).toEqual({ available: 6, reserved: 0, sold: 4 });
  });
});

it.each(["unknown", "rejected", "cancelled", "released"])("refuses to sell for a %s order", async (state) => {
  const [tea, order_id] = [await product(state === "rejected" ? 1 : 10), randomUUID()];
  if (state === "rejected" || state === "released") await created(order_id, { product_id: tea, quantity: 4 });
  if (state === "cancelled" || state === "released") await cancelled(order_id);
  const before = await books(tea);
  await expect(confirmed(order_id)).rejects.toMatchObject({ code: "PERMANENT" });
  expect(await books(tea)).toEqual(before);
});

it("never sells more than there is, and never waits for itself, under concurrency", async () => {
  const products = [await product(25), await product(25), await product(25)];
  const orders = Array.from({ length: 60 }, (_, index) => ({
    id: randomUUID(),
    // Every order names the products in another order: locks taken as they come would deadlock.
    lines: products.map((_product, offset) => ({
      product_id: products[(index + offset * (index % 2 === 0 ? 1 : 2)) % products.length] ?? "",
      quantity: 1,
    })),
  }));
  await Promise.all(orders.map(({ id, lines }) => created(id, ...lines)));
  const outcomes = await Promise.all(orders.map(async ({ id }) => [id, (await answers(id)).join()] as const));
  const reserved = outcomes.filter(([, answer]) => answer === "inventory.reserved").map(([id]) => id);
  expect(reserved).toHaveLength(25);
  expect(outcomes.filter(([, answer]) => answer === "inventory.rejected")).toHaveLength(35);
  for (const id of products) expect(await books(id)).toEqual({ available: 0, reserved: 25, sold: 0 });

  await Promise.all(reserved.map((id, index) => (index % 2 === 0 ? confirmed(id) : cancelled(id))));
  for (const id of products) expect(await books(id)).toEqual({ available: 12, reserved: 0, sold: 13 });
});

it("cannot store books that do not balance", async () => {
  const tea = await product(10);
  await expect(service.rows("update stock set available = available + 1 where product_id = $1", [tea])).rejects.toThrow(
    /the_books_balance/,
  );
});

it("keeps the books when the schema is applied again", async () => {
  await created(randomUUID(), { product_id: "tea-250", quantity: 7 });
  const before = await books("tea-250");
  await service.rows(await readFile(new URL("./schema.sql", import.meta.url), "utf8"));
  expect(await books("tea-250")).toEqual(before);
});
