import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { readDecimals } from "./multiple-of.ts";

function accepts(multipleOf: number, value: number): boolean {
  return readDecimals(new Ajv()).validate({ type: "number", multipleOf }, value);
}

describe("multipleOf", () => {
  it("takes every amount in cents", () => {
    const validate = readDecimals(new Ajv()).compile({ type: "number", multipleOf: 0.01 });
    const refused = Array.from({ length: 100_000 }, (_, cents) => cents / 100).filter((amount) => !validate(amount));
    expect(refused).toEqual([]);
  });

  it.each([
    [0.01, 541836.09, true],
    [0.01, -0.07, true],
    [0.01, 12.345, false],
    [0.01, 12.3400000001, false],
    [0.1, 0.3, true],
    [0.1, 0.30000000000000004, false],
    [0.5, 1.25, false],
    [1e-7, 3e-7, true],
    [1e-7, 3.5e-7, false],
    [5, 15, true],
    [5, 15.000001, false],
    [2, 9007199254740991, false],
    [1e21, 3e21, true],
  ])("of %d: %d is %s", (multipleOf, value, expected) => {
    expect(accepts(multipleOf, value)).toBe(expected);
  });
});
