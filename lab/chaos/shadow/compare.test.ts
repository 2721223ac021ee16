/** What a replay finds in tables that agree, and in tables that do not. */
import { describe, expect, it } from "vitest";
import type { BookedOrder } from "../books/books.ts";
import { compareInventory, compareOrders, comparePayment, type Replayed } from "./compare.ts";
import { foldOrders, type FoldedEvent } from "./fold-orders.ts";
import { recordedGateway } from "./recorded-gateway.ts";

const CUPS = [{ productId: "cup", quantity: 3 }];

let ids = 0;
const event = (name: string, orderId: string, more: Partial<FoldedEvent> = {}): FoldedEvent => ({
  ...{ name: `orders.${name}`, eventId: `e${(ids += 1)}`, orderId, items: [], reason: undefined, total: undefined },
  ...more,
});
const created = (orderId: string) => event("created", orderId, { items: CUPS });
const order = (orderId: string, more: Partial<BookedOrder> = {}): BookedOrder => ({
  ...{ orderId, key: orderId, stage: "confirmed", reason: undefined, total: 900, placedAt: 0, lines: CUPS },
  ...more,
});
const whysOf = ({ examples }: { readonly examples: readonly Readonly<Record<string, unknown>>[] }) =>
  examples.map(({ why }) => why);

describe("orders", () => {
  it("are what their events say, in whatever order and however often those come", () => {
    const confirmed = event("confirmed", "a", { total: 900 });
    const events = [confirmed, created("a"), event("payable", "a", { total: 900 }), confirmed];
    expect(compareOrders({ orders: [order("a")] }, foldOrders(events))).toMatchObject({ checked: 1, violations: 0 });
  });

  it.each<[string, readonly FoldedEvent[], Partial<BookedOrder>, string]>([
    ["no event", [], {}, "confirmed (undefined), 3 cup, and no event tells of it"],
    ["another stage", [created("a")], {}, "confirmed (undefined), 3 cup; its events say accepted (undefined), 3 cup"],
    [
      "another reason",
      [created("a"), event("cancelled", "a", { reason: "payment_failed" })],
      { stage: "cancelled", reason: "deadline_passed" },
      "cancelled (deadline_passed), 3 cup; its events say cancelled (payment_failed), 3 cup",
    ],
    [
      "another price",
      [created("a"), event("confirmed", "a", { total: 800 })],
      {},
      "its price is 900, and its events say 800",
    ],
    [
      "two ends",
      [created("a"), event("confirmed", "a"), event("cancelled", "a")],
      { stage: "cancelled" },
      "its events say confirmed and cancelled",
    ],
    ["two beginnings", [created("a"), created("a"), event("confirmed", "a")], {}, "two events say that it was created"],
  ])("are named for %s", (_, events, live, why) => {
    expect(whysOf(compareOrders({ orders: [order("a", live)] }, foldOrders(events)))).toEqual([why]);
  });

  it("are missed when only events tell of them", () => {
    expect(whysOf(compareOrders({ orders: [] }, foldOrders([created("a")])))).toEqual(["events, and no order"]);
  });
});

const replayed = (more: Partial<Replayed>): Replayed => ({
  ...{ reservations: [], stock: [], charges: [], refused: [], applied: 0 },
  ...more,
});
const holds = (state: string) => ({ orderId: "a", state, lines: CUPS });
const stock = (sold: number) => ({ productId: "cup", available: 10 - sold, reserved: 0, sold });

describe("inventory", () => {
  const compared = (state: string, again: string, sold = 3) =>
    whysOf(
      compareInventory(
        { reservations: [holds(state)], stock: [stock(3)] },
        replayed({ reservations: [holds(again)], stock: [stock(sold)] }),
      ),
    );

  it("may have heard of a cancellation before or after what it cancels", () => {
    expect(compared("sold", "sold")).toEqual([]);
    expect(compared("released", "cancelled")).toEqual([]);
    expect(compared("rejected", "released")).toEqual([]);
  });

  it("is named where it holds something else", () => {
    expect(compared("sold", "released")).toEqual(["sold 3 cup; replayed it is nothing is held"]);
    expect(compared("reserved", "sold")).toEqual(["reserved 3 cup; replayed it is sold 3 cup"]);
    expect(compared("sold", "sold", 6)).toEqual([
      "7 available, 0 reserved, 3 sold; replayed it is 4 available, 0 reserved, 6 sold",
    ]);
  });

  it("is named for what only one of them knows, and for what a handler refused", () => {
    const live = { reservations: [holds("sold")], stock: [] };
    expect(whysOf(compareInventory(live, replayed({})))).toEqual(["sold 3 cup; replayed it is not known"]);
    const none = { reservations: [], stock: [] };
    const refused = [{ message: "ORDERS #1", why: "no" }];
    expect(whysOf(compareInventory(none, replayed({ reservations: [holds("sold")], refused })))).toEqual([
      "no",
      "not known; replayed it is sold 3 cup",
    ]);
  });
});

it("payment is named where the money went elsewhere", () => {
  const charge = (state: string, amount: number | undefined) => ({ orderId: "a", state, amount, reason: undefined });
  const compared = (live: ReturnType<typeof charge>, again: ReturnType<typeof charge>) =>
    whysOf(comparePayment({ charges: [live] }, replayed({ charges: [again] })));
  expect(compared(charge("failed", undefined), charge("cancelled", undefined))).toEqual([]);
  expect(compared(charge("captured", 900), charge("captured", 900))).toEqual([]);
  expect(compared(charge("captured", 900), charge("refunded", 900))).toEqual([
    "captured 900; replayed it is refunded 900",
  ]);
  expect(compared(charge("captured", 900), charge("captured", 901))).toEqual([
    "captured 900; replayed it is captured 901",
  ]);
});

it("a recorded gateway says what was decided first, and what came of it at last", async () => {
  const at = "2026-01-01T00:00:00.000Z";
  const money = { at, key: "a", charge_id: "ch", amount: { amount: 900, currency: "EUR" } };
  const gateway = recordedGateway([
    { kind: "captured", ...money },
    { kind: "refunded", ...money },
    { kind: "voided", at, key: "b" },
  ]);
  const { signal } = new AbortController();
  const price = { amount: 900, currency: "EUR" } as const;
  expect(await gateway.charge("a", price, false, signal)).toMatchObject({ status: "captured", chargeId: "ch" });
  expect(await gateway.release("a", signal)).toMatchObject({ status: "refunded" });
  expect(await gateway.charge("b", price, false, signal)).toEqual({ status: "voided" });
  await expect(gateway.charge("x", price, false, signal)).rejects.toThrow("never asked for money of order x");
});
