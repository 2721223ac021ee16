import { describe, expect, it } from "vitest";
import {
  fractionOf,
  isBinary,
  isMultiple,
  isMultipleForAll,
  leastCommonMultiple,
  numberAt,
  quotient,
} from "./fraction.ts";

describe("the exact value of a number", () => {
  it.each([
    [0.1, 1n, 10n],
    [-2.5, -5n, 2n],
    [1e21, 10n ** 21n, 1n],
    [5e-324, 1n, 2n * 10n ** 323n],
    [-0, 0n, 1n],
  ])("of %d is what its digits say", (value, top, bottom) => {
    expect(fractionOf(value)).toEqual({ top, bottom });
  });

  it("is found again from its steps", () => {
    const cent = fractionOf(0.01);
    const wrong = Array.from({ length: 10_000 }, (_, at) => at).filter(
      (at) => numberAt(BigInt(at), cent) !== Number(`${at}e-2`),
    );
    expect(wrong).toEqual([]);
  });
});

describe("multiples", () => {
  it("are counted in decimals, where binary division is off", () => {
    expect(isMultiple(fractionOf(0.07), fractionOf(0.01))).toBe(true);
    expect([isMultipleForAll(0.07, 0.01), isMultipleForAll(4e21, 2), isMultipleForAll(1e21, 1)]).toEqual([
      undefined,
      undefined,
      true,
    ]);
    expect([isMultipleForAll(0.05, 0.01), isMultipleForAll(0.055, 0.01), isMultipleForAll(-9, 3)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("of two numbers meet in the least common one", () => {
    expect(leastCommonMultiple(fractionOf(1.5), fractionOf(4))).toEqual({ top: 12n, bottom: 1n });
    expect(leastCommonMultiple(fractionOf(0.2), fractionOf(0.3))).toEqual({ top: 3n, bottom: 5n });
  });

  it("are rounded away from a quotient on both sides, below zero too", () => {
    expect(quotient(fractionOf(-7), fractionOf(2))).toEqual({ down: -4n, up: -3n });
    expect(quotient(fractionOf(7), fractionOf(2))).toEqual({ down: 3n, up: 4n });
    expect(quotient(fractionOf(6), fractionOf(2))).toEqual({ down: 3n, up: 3n });
  });

  it.each([
    [0.5, true],
    [3, true],
    [0.1, false],
    [1e300, false],
  ])("%d is held exactly by a double: %s", (value, expected) => {
    expect(isBinary(value)).toBe(expected);
  });
});
