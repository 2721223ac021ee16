/** Schemas of arrays and tuples. */
import type { Probe } from "./probes.ts";

export const arrays: Readonly<Record<string, Probe>> = {
  NullableArray: {
    schema: { type: ["array", "null"], items: { type: ["string", "null"] } },
    valid: [null, [], ["a", null]],
    invalid: [[1], "a", {}],
  },
  ArrayOfUnion: {
    schema: { type: "array", items: { anyOf: [{ type: "string" }, { $ref: "#/definitions/Money" }] } },
    valid: [[], ["a", { amount: 1, currency: "EUR" }]],
    invalid: [[1], [{ amount: 1 }]],
  },
  NestedArrays: {
    schema: { type: "array", items: { type: "array", items: { type: ["number", "string"] } } },
    valid: [[[1, "a"], []]],
    invalid: [[1], [[true]]],
  },
  Tuple: {
    schema: {
      type: "array",
      items: [{ type: "string" }, { type: "number" }],
      minItems: 1,
      additionalItems: { type: "boolean" },
    },
    valid: [["a"], ["a", 1], ["a", 1, true, false]],
    invalid: [[], [1], ["a", "b"], ["a", 1, "c"]],
  },
  ClosedTuple: {
    schema: { type: "array", items: [{ type: "string" }, { type: ["number", "null"] }], minItems: 2, maxItems: 2 },
    valid: [
      ["a", 1],
      ["a", null],
    ],
    invalid: [["a"], ["a", 1, 2]],
  },
  OpenTuple: {
    schema: { type: "array", items: [{ type: "string" }] },
    valid: [[], ["a"], ["a", 1, {}]],
    invalid: [[1]],
  },
  Containing: {
    schema: { type: "array", items: [{ type: "string" }], contains: { type: "integer" } },
    valid: [
      ["a", 1],
      ["a", "b", 1],
    ],
    invalid: ["a", [1]],
    refusedByValidator: [[], ["a"], ["a", "b"]],
  },
  UniqueTuple: {
    schema: { type: "array", items: [true, true, { type: "string" }], uniqueItems: true },
    valid: [[], [1, 2], [1, 2, "a"]],
    invalid: [[1, 2, 3]],
    refusedByValidator: [
      [1, 1],
      [1, "a", "a"],
    ],
  },
  AdditionalItemsAlone: { schema: { additionalItems: false }, valid: [[], [1], "a", {}], invalid: [] },
  ReferenceToAnything: {
    schema: { type: "array", items: { $ref: "#/definitions/Anything" } },
    valid: [[1, "a", null]],
    invalid: [1],
  },
  Limits: {
    schema: {
      type: "array",
      items: { type: "integer", minimum: 0, multipleOf: 2 },
      minItems: 1,
      maxItems: 3,
      uniqueItems: true,
    },
    valid: [[0], [2, 4, 6]],
    invalid: [["a"]],
    refusedByValidator: [[], [1], [-2], [2, 2], [0, 2, 4, 6]],
  },
};
