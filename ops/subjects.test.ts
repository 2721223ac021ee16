import { expect, it } from "vitest";
import { overlap } from "./subjects.ts";

it.each([
  ["orders.created.v1", "orders.created.v1", true],
  ["orders.created.v1", "orders.created.v2", false],
  ["orders.created.v1", "orders.*.v1", true],
  ["orders.*.v1", "orders.created.*", true],
  ["orders.created.v1", "orders.>", true],
  ["orders.created.v1", ">", true],
  ["orders.created.v1", "*.*.*", true],
  ["orders.created.v1", "*.*", false],
  ["orders.created.v1", "orders.created", false],
  ["orders.created.v1", "orders.created.v1.>", false],
  ["orders.created.v1", "orders.created.v10", false],
])("%s and %s overlap: %s", (a, b, expected) => {
  expect(overlap(a, b)).toBe(expected);
  expect(overlap(b, a)).toBe(expected);
});
