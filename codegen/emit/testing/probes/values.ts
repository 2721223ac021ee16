/** Schemas of single values. */
import type { Probe } from "./probes.ts";

export const values: Readonly<Record<string, Probe>> = {
  Scalars: {
    schema: {
      type: "object",
      required: ["text", "count", "ratio", "flag", "nothing"],
      properties: {
        text: { type: "string", maxLength: 3 },
        count: { type: "integer" },
        ratio: { type: "number" },
        flag: { type: "boolean" },
        nothing: { type: "null" },
        extra: { type: "string" },
      },
    },
    valid: [
      { text: "a", count: 1, ratio: 0.5, flag: true, nothing: null },
      { text: "😀😀😀", count: 1, ratio: 1, flag: false, nothing: null, extra: "x", undeclared: [] },
    ],
    invalid: [
      { text: "a", count: 1, ratio: 0.5, flag: true },
      { text: 1, count: 1, ratio: 0.5, flag: true, nothing: null },
      { text: "a", count: 1, ratio: 0.5, flag: true, nothing: null, extra: 1 },
      { text: "a", count: 1, ratio: 0.5, flag: true, nothing: "null" },
      null,
      [],
      "text",
    ],
    refusedByValidator: [
      { text: "a", count: 1.5, ratio: 0.5, flag: true, nothing: null },
      { text: "😀😀😀😀", count: 1, ratio: 1, flag: false, nothing: null },
    ],
  },
  Constants: {
    schema: {
      type: "object",
      required: ["zero", "no", "nothing", "list", "shape"],
      properties: {
        zero: { const: 0 },
        no: { const: false },
        nothing: { const: null },
        list: { const: [1, "a"] },
        shape: { const: { deep: { id: 1 } } },
      },
    },
    valid: [{ zero: 0, no: false, nothing: null, list: [1, "a"], shape: { deep: { id: 1 } } }],
    invalid: [
      { zero: 1, no: false, nothing: null, list: [1, "a"], shape: { deep: { id: 1 } } },
      { zero: 0, no: true, nothing: null, list: [1, "a"], shape: { deep: { id: 1 } } },
      { zero: 0, no: false, nothing: 0, list: [1, "a"], shape: { deep: { id: 1 } } },
      { zero: 0, no: false, nothing: null, list: ["a", 1], shape: { deep: { id: 1 } } },
      { zero: 0, no: false, nothing: null, list: [1, "a"], shape: { deep: { id: 2 } } },
    ],
  },
  MixedEnum: {
    schema: { enum: ["a", 1, true, null, -0.5, ["b"]] },
    valid: ["a", 1, true, null, -0.5, ["b"]],
    invalid: ["b", 2, false, {}, []],
  },
  TypedEnum: { schema: { type: "string", enum: ["a", 1, null] }, valid: ["a"], invalid: [1, null, "b"] },
  ContradictedConstant: { schema: { const: "a", enum: ["b", 1] }, valid: [], invalid: ["a", "b", 1] },
  LiteralsElsewhere: {
    schema: { enum: ["a", "abc", 1, 7, null], maxLength: 1, maximum: 5, not: { type: "null" } },
    valid: ["a", 1],
    invalid: ["abc", 7, null],
  },
  LongEnum: {
    schema: {
      type: "object",
      required: ["state"],
      properties: {
        state: { enum: ["waiting for payment", "waiting for stock", "waiting for shipment", "delivered", "returned"] },
      },
    },
    valid: [{ state: "delivered" }],
    invalid: [{ state: "lost" }],
  },
  NoEnum: { schema: { enum: [] }, valid: [], invalid: [1, null] },
  Nullable: { schema: { type: "string", nullable: true }, valid: ["a", null], invalid: [1] },
  Anything: { schema: {}, valid: [null, 1, "a", [], {}], invalid: [] },
  Not: {
    schema: { type: "string", not: { const: "admin" } },
    valid: ["a"],
    invalid: [1],
    refusedByValidator: ["admin"],
  },
  Formats: {
    schema: {
      type: "object",
      properties: {
        at: { type: "string", format: "date-time" },
        day: { type: "string", format: "date" },
        id: { type: "string", format: "uuid" },
      },
    },
    valid: [{ at: "2026-01-02T03:04:05Z", day: "2024-02-29", id: "6f8d7c1e-6c5b-4b0e-9a55-0d1f6f5f7a01" }],
    invalid: [{ at: 1 }],
    refusedByValidator: [{ at: "2026-01-02" }, { day: "2025-02-29" }, { id: "x" }],
  },
  Untyped: {
    schema: { properties: { a: { type: "string" } }, required: ["a"] },
    valid: [{ a: "a" }, 1, "text", null, [1]],
    invalid: [{ a: 1 }, {}],
  },
  UntypedItems: { schema: { items: { type: "string" } }, valid: [["a"], 1, null, { a: 1 }], invalid: [[1]] },
};
