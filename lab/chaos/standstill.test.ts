import { expect, it } from "vitest";
import { createStandstill } from "./standstill.ts";

it("is said when nothing new was done for the limit", () => {
  const standstill = createStandstill(60, 0);
  expect(standstill.at(4, 10)).toBe(false);
  expect(standstill.at(4, 69)).toBe(false);
  expect(standstill.at(4, 70)).toBe(true);
});

it("counts from the beginning, and what nobody can tell as nothing new", () => {
  const standstill = createStandstill(60, 100);
  expect(standstill.at(undefined, 159)).toBe(false);
  expect(standstill.at(undefined, 160)).toBe(true);
});

it("is said once, and again when something was done in between", () => {
  const standstill = createStandstill(60, 0);
  expect(standstill.at(1, 0)).toBe(false);
  expect(standstill.at(1, 60)).toBe(true);
  expect(standstill.at(1, 200)).toBe(false);
  expect(standstill.at(2, 210)).toBe(false);
  expect(standstill.at(2, 269)).toBe(false);
  expect(standstill.at(2, 270)).toBe(true);
});
