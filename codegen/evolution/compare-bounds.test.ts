import { describe, expect, it } from "vitest";
import { compareSchemas } from "./compare.ts";

function nested(depth: number, inside: unknown): unknown {
  let schema = inside;
  for (let level = 0; level < depth; level++) schema = { type: "object", properties: { a: schema }, required: ["a"] };
  return schema;
}

function named<T>(count: number, make: (at: number) => T): Record<string, T> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, make(at)]));
}

const longRun = "a".repeat(5_000);

describe("a comparison that would not end", () => {
  it.each<[string, unknown, unknown]>([
    ["nesting deeper than the stack", nested(20_000, { type: "string" }), nested(20_000, { minLength: 1 })],
    [
      "an automaton of 2^18 states",
      { type: "string", pattern: "^(a|b)*a(a|b){18}$" },
      { pattern: "^(a|b)*a(a|b){17}$" },
    ],
    ["a billion repetitions", { type: "string", pattern: "^((a{1000}){1000}){1000}$" }, { pattern: "^b$" }],
    ["exponential backtracking", { enum: [`${longRun}!`] }, { pattern: "^(a+)+\\1$" }],
    ["strings of a gigabyte", { type: "string", minLength: 1e9 }, { minLength: 2e9 }],
    ["arrays of a billion", { type: "array", minItems: 1e9 }, { minItems: 2e9 }],
    [
      "a billion items in three levels",
      {
        type: "array",
        minItems: 999,
        items: { type: "array", minItems: 999, items: { type: "array", minItems: 999 } },
      },
      { minItems: 1_000 },
    ],
    ["a schema that is itself", { allOf: [{ $ref: "#" }] }, { type: "string" }],
    [
      "more patterns for names than can be combined",
      { patternProperties: named(40, () => ({ type: "string" })), additionalProperties: false },
      { patternProperties: named(40, () => ({ type: ["string", "null"] })), additionalProperties: false },
    ],
  ])("is undecided: %s", (_, writer, reader) => {
    expect(compareSchemas(writer, reader)).toMatchObject({ verdict: "undecided" });
  });

  it("ends after the steps that it was given, on every machine", () => {
    const kinds = (least: number): unknown => ({
      oneOf: Array.from({ length: 20 }, (_, at) => ({
        type: "object",
        properties: { kind: { const: at }, ...named(5, () => ({ type: "integer", minimum: least })) },
        required: ["kind"],
      })),
    });
    expect(compareSchemas(kinds(1), kinds(0), { steps: 1_000 })).toEqual({
      verdict: "undecided",
      reason: "the schemas need more steps than one comparison may take",
    });
    expect(compareSchemas(kinds(1), kinds(0))).toEqual({ verdict: "compatible" });
  });
});

describe("a large comparison", () => {
  it.each<[string, unknown, unknown]>([
    ["an enum of thousands", { enum: Array.from({ length: 5_000 }, (_, at) => `v${at}`) }, { type: "string" }],
    ["a long string", { const: longRun }, { pattern: "^(a+)+$" }],
    [
      "hundreds of members",
      { properties: named(300, () => ({ maxLength: 1 })) },
      { properties: named(300, () => ({ maxLength: 2 })) },
    ],
    ["a greatest length of thousands", { type: "string", pattern: "^\\w+$", maxLength: 65_535 }, { pattern: "^\\S+$" }],
  ])("is decided: %s", (_, writer, reader) => {
    expect(compareSchemas(writer, reader)).toEqual({ verdict: "compatible" });
  });
});

it("keeps apart what one JavaScript object means in two documents", () => {
  const shared = { items: { $ref: "#/definitions/item" } };
  const writer = { ...shared, definitions: { item: { type: "string" } } };
  const reader = { ...shared, definitions: { item: { type: "number" } } };
  expect(compareSchemas(writer, reader)).toMatchObject({ verdict: "breaking" });
});

it("compares schemas that hold themselves as JavaScript objects", () => {
  const loop = (value: unknown): unknown => {
    const schema: Record<string, unknown> = { type: "object" };
    schema["properties"] = { value, next: schema };
    return schema;
  };
  expect(compareSchemas(loop({ type: "integer" }), loop({ type: "number" }))).toEqual({ verdict: "compatible" });
  expect(compareSchemas(loop({ type: "number" }), loop({ type: "integer" }))).toMatchObject({ verdict: "breaking" });
});
