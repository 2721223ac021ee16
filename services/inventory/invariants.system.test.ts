/** What inventory says of its own books, when they balance and when somebody spoiled them. */
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { inventory } from "#generated/services/inventory.ts";
import { received, serviceForTest } from "../../lab/testing/service-harness.ts";
import { inventoryHandlers } from "./handlers.ts";

const service = await serviceForTest(inventory, new URL("./schema.sql", import.meta.url));
const { orderCreated, orderConfirmed, orderCancelled } = inventoryHandlers;

/** An order of four pieces of a product of its own. */
async function created(stock = 10) {
  const [product_id, order_id] = [`test-${randomUUID()}`, randomUUID()];
  await service.rows("insert into stock (product_id, initial, available) values ($1, $2, $2)", [product_id, stock]);
  const lines = [{ sku: product_id, quantity: 4, unit_price: null }];
  await service.handle(orderCreated, received("v2", { order_id, customer_id: null, lines, total: null }));
  return { product_id, order_id };
}

const confirm = async (order_id: string) => {
  await service.handle(orderConfirmed, received("v1", { order_id, total: { amount: 1, currency: "EUR" as const } }));
  await applied(order_id, "orders.confirmed");
};
const cancel = async (order_id: string) => {
  await service.handle(orderCancelled, received("v1", { order_id, reason: "deadline_passed" as const }));
  await applied(order_id, "orders.cancelled");
};
const applied = (order_id: string, event: string) =>
  service.rows("select tandem_record_inbox('inventory', $1, $2, 1, $3, 1, 'c', 'ORDERS', 1)", [
    ...[event, randomUUID(), order_id],
  ]);

/** What is said of an order or a product, by invariant. */
async function saidOf({ product_id, order_id }: { product_id: string; order_id: string }): Promise<readonly string[]> {
  const found = await service.rows(
    `select invariant || ' ' || (told ->> 'why') as words from tandem_invariants(), json_array_elements(detail) as told
      where not holds and (told ->> 'order_id' = $1 or told ->> 'product_id' = $2) order by 1`,
    [order_id, product_id],
  );
  return found.map(({ words }) => String(words));
}

it("finds nothing wrong with what is held, sold, given back, short or cancelled before it came", async () => {
  const orders = [await created(), await created(), await created(), await created(1)];
  await confirm(orders[1]?.order_id ?? "");
  await cancel(orders[2]?.order_id ?? "");
  await cancel(orders[3]?.order_id ?? "");
  await cancel(randomUUID());
  expect(await Promise.all(orders.map(saidOf))).toEqual([[], [], [], []]);
  const said = await service.rows("select invariant, checked::int, holds from tandem_invariants() order by 1, 2");
  expect(said).toEqual(
    [
      { invariant: "I3", checked: 5, holds: true },
      // The products of the catalogue are there too.
      { invariant: "I3", checked: 9, holds: true },
      { invariant: "I11", checked: 3, holds: true },
    ].toSorted((one, other) => one.invariant.localeCompare(other.invariant)),
  );
});

it.each([
  [
    "stock that nobody reserved",
    "update stock set available = 0, reserved = 10 where product_id = $2 and $1::uuid is not null",
    ["I3 10 reserved, and the reservations hold 4"],
  ],
  [
    "stock that was sold to nobody",
    "update stock set available = 0, sold = 6 where product_id = $2 and $1::uuid is not null",
    ["I3 6 sold, and the sold reservations hold 0"],
  ],
  [
    "a reservation without lines",
    "delete from reservation_lines where order_id = $1 and $2::text is not null",
    ["I3 4 reserved, and the reservations hold 0", "I3 reserved, and its lines say otherwise"],
  ],
  [
    "a confirmation that sold nothing",
    `select tandem_record_inbox('inventory', 'orders.confirmed', $2, 1, $1::uuid::text, 1, 'c', 'ORDERS', 1)`,
    ["I3 reserved, and orders.confirmed was applied"],
  ],
  [
    "a cancellation that gave nothing back",
    `select tandem_record_inbox('inventory', 'orders.cancelled', $2, 1, $1::uuid::text, 1, 'c', 'ORDERS', 1)`,
    ["I11 orders.cancelled was applied, and its stock is reserved"],
  ],
])("names %s", async (_, spoil, words) => {
  const made = await created();
  expect(await saidOf(made)).toEqual([]);
  await service.rows(spoil, [made.order_id, made.product_id]);
  expect(await saidOf(made)).toEqual(words);
});

it("names books that do not balance, where the table no longer refuses them", async () => {
  const made = await created();
  await service.rows("alter table stock drop constraint the_books_balance");
  await service.rows("update stock set available = 7 where product_id = $1", [made.product_id]);
  expect(await saidOf(made)).toEqual(["I3 10 + 0 is not 7 + 4 + 0"]);
});
