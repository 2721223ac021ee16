import { expect, it } from "vitest";
import { quote } from "./catalogue.ts";

it("adds up what the catalogue asks", () => {
  expect(
    quote([
      { product_id: "tea-250", quantity: 2 },
      { product_id: "cup-white", quantity: 1 },
    ]),
  ).toEqual({
    lines: [
      { product_id: "tea-250", quantity: 2, unit_price: 450 },
      { product_id: "cup-white", quantity: 1, unit_price: 700 },
    ],
    total: { amount: 1_600, currency: "EUR" },
  });
});

it("names the positions of what it does not have, words of JavaScript included", () => {
  const ids = ["tea-250", "nothing", "__proto__", "constructor"];
  expect(quote(ids.map((product_id) => ({ product_id, quantity: 1 })))).toEqual({ unknown: [1, 2, 3] });
});

it("counts to the last cent in the largest order that the contract allows", () => {
  const items = Array.from({ length: 100 }, () => ({ product_id: "kettle-steel", quantity: 1_000_000 }));
  expect(quote(items)).toMatchObject({ total: { amount: 590_000_000_000 } });
});
