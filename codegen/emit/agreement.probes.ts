/** Schemas of every construct, with values that tell a right type and validator from a wrong one. */
import type { JsonSchema } from "../model/model.ts";

export interface Probe {
  readonly schema: JsonSchema;
  /** The type and the validator take them. */
  readonly valid: readonly unknown[];
  /** Neither takes them. */
  readonly invalid: readonly unknown[];
  /** The validator refuses them; TypeScript cannot. */
  readonly refusedByValidator?: readonly unknown[];
}

/** Shared schemas that probes refer to. */
export const definitions: Readonly<Record<string, JsonSchema>> = {
  Money: {
    type: "object",
    required: ["amount", "currency"],
    properties: { amount: { type: "integer" }, currency: { type: "string", enum: ["EUR", "USD"] } },
  },
  Named: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
  Tree: {
    type: "object",
    required: ["value"],
    properties: { value: { type: "number" }, children: { type: "array", items: { $ref: "#/definitions/Tree" } } },
  },
  Ping: { type: "object", properties: { pong: { $ref: "#/definitions/Pong" } }, additionalProperties: false },
  Pong: { type: "object", properties: { ping: { $ref: "#/definitions/Ping" } }, additionalProperties: false },
  Anything: true,
  Code: { type: ["string", "null"] },
};

/** By type name. */
export const probes: Readonly<Record<string, Probe>> = {
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
  NullableArray: {
    schema: { type: ["array", "null"], items: { type: ["string", "null"] } },
    valid: [null, [], ["a", null]],
    invalid: [[1], "a", {}],
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
  MixedEnum: { schema: { enum: ["a", 1, true, null, -0.5, ["b"]] }, valid: ["a", 1, true, null, -0.5, ["b"]], invalid: ["b", 2, false, {}, []] },
  TypedEnum: { schema: { type: "string", enum: ["a", 1, null] }, valid: ["a"], invalid: [1, null, "b"] },
  LongEnum: {
    schema: {
      type: "object",
      required: ["state"],
      properties: { state: { enum: ["waiting for payment", "waiting for stock", "waiting for shipment", "delivered", "returned"] } },
    },
    valid: [{ state: "delivered" }],
    invalid: [{ state: "lost" }],
  },
  Nullable: { schema: { type: "string", nullable: true }, valid: ["a", null], invalid: [1] },
  Dictionary: { schema: { type: "object", additionalProperties: { type: "integer" } }, valid: [{}, { a: 1 }], invalid: [{ a: "1" }, 1] },
  ListDictionary: {
    schema: { type: "object", additionalProperties: { type: "array", items: { enum: ["a", "b"] } } },
    valid: [{ x: ["a", "b"] }],
    invalid: [{ x: "a" }, { x: ["c"] }],
  },
  OpenObject: { schema: { type: "object" }, valid: [{}, { a: 1 }], invalid: [1, "a"] },
  EmptyObject: { schema: { type: "object", additionalProperties: false }, valid: [{}], invalid: [{ a: 1 }] },
  PropertiesAndRest: {
    schema: { type: "object", required: ["id"], properties: { id: { type: "integer" }, note: { type: "string" } }, additionalProperties: { type: "boolean" } },
    valid: [{ id: 1 }, { id: 1, note: "n", x: true }],
    invalid: [{ id: "1" }, { id: 1, x: [] }, { x: true }],
    refusedByValidator: [{ id: 1, x: "no boolean" }],
  },
  PatternsOnly: {
    schema: { type: "object", patternProperties: { "^x-": { type: "string" }, "^n-": { type: "number" } }, additionalProperties: false },
    valid: [{}, { "x-a": "a", "n-a": 1 }],
    invalid: [{ "x-a": true }],
    refusedByValidator: [{ "x-a": 1 }, { other: "a" }],
  },
  PatternsBeside: {
    schema: { type: "object", required: ["id"], properties: { id: { type: "integer" } }, patternProperties: { "^x-": { type: "string" } } },
    valid: [{ id: 1, "x-a": "a" }],
    invalid: [{ id: "1" }],
    refusedByValidator: [{ id: 1, "x-a": 1 }],
  },
  AllOfReferences: {
    schema: { allOf: [{ $ref: "#/definitions/Money" }, { $ref: "#/definitions/Named" }] },
    valid: [{ amount: 1, currency: "EUR", name: "n" }],
    invalid: [{ amount: 1, currency: "EUR" }, { name: "n" }],
  },
  AllOfInline: {
    schema: {
      type: "object",
      properties: { id: { type: "integer" } },
      required: ["id"],
      allOf: [{ properties: { name: { type: "string" } } }, { required: ["name"] }],
    },
    valid: [{ id: 1, name: "n" }],
    invalid: [{ id: 1 }, { name: "n" }, { id: 1, name: 2 }],
  },
  AllOfMixed: {
    schema: { allOf: [{ $ref: "#/definitions/Named" }, { type: "object", required: ["age"], properties: { age: { type: "integer" } } }] },
    valid: [{ name: "n", age: 1 }],
    invalid: [{ name: "n" }, { age: 1 }, "n"],
  },
  RequiredElsewhere: {
    schema: { type: "object", properties: { a: { type: "string" }, b: { type: "string" } }, anyOf: [{ required: ["a"] }, { required: ["b"] }] },
    valid: [{ a: "a" }, { b: "b" }, { a: "a", b: "b" }],
    invalid: [{}, { a: 1 }],
  },
  OneOf: {
    schema: {
      oneOf: [
        { type: "object", required: ["kind", "radius"], properties: { kind: { const: "circle" }, radius: { type: "number" } } },
        { type: "object", required: ["kind", "side"], properties: { kind: { const: "square" }, side: { type: "number" } } },
        { type: "null" },
      ],
    },
    valid: [{ kind: "circle", radius: 1 }, { kind: "square", side: 1 }, null],
    invalid: [{ kind: "circle", side: 1 }, { kind: "other" }, {}],
  },
  ArrayOfUnion: {
    schema: { type: "array", items: { anyOf: [{ type: "string" }, { $ref: "#/definitions/Money" }] } },
    valid: [[], ["a", { amount: 1, currency: "EUR" }]],
    invalid: [[1], [{ amount: 1 }]],
  },
  NestedArrays: { schema: { type: "array", items: { type: "array", items: { type: ["number", "string"] } } }, valid: [[[1, "a"], []]], invalid: [[1], [[true]]] },
  Tuple: {
    schema: { type: "array", items: [{ type: "string" }, { type: "number" }], minItems: 1, additionalItems: { type: "boolean" } },
    valid: [["a"], ["a", 1], ["a", 1, true, false]],
    invalid: [[], [1], ["a", "b"], ["a", 1, "c"]],
  },
  ClosedTuple: {
    schema: { type: "array", items: [{ type: "string" }, { type: ["number", "null"] }], minItems: 2, maxItems: 2 },
    valid: [["a", 1], ["a", null]],
    invalid: [["a"], ["a", 1, 2]],
  },
  OpenTuple: { schema: { type: "array", items: [{ type: "string" }] }, valid: [[], ["a"], ["a", 1, {}]], invalid: [[1]] },
  Recursion: {
    schema: { $ref: "#/definitions/Tree" },
    valid: [{ value: 1, children: [{ value: 2, children: [] }] }],
    invalid: [{ value: 1, children: [{}] }, { children: [] }],
  },
  MutualRecursion: {
    schema: { type: "object", required: ["ping"], properties: { ping: { $ref: "#/definitions/Ping" } } },
    valid: [{ ping: {} }, { ping: { pong: { ping: { pong: {} } } } }],
    invalid: [{}, { ping: { pong: { ping: 1 } } }],
  },
  AwkwardNames: {
    schema: {
      type: "object",
      required: ["order_id", "orderId", "with space", "1", "class", "__proto__", "constructor"],
      properties: {
        order_id: { type: "string" },
        orderId: { type: "number" },
        "with space": { type: "string" },
        "1": { type: "string" },
        class: { type: "string" },
        'quo"te': { type: "string" },
        "*/": { type: "string" },
        "line\u2028break\n": { type: "string" },
        ["__proto__"]: { type: "string" },
        constructor: { type: "string" },
        toString: { type: "string" },
      },
      additionalProperties: false,
    },
    valid: [
      { order_id: "a", orderId: 1, "with space": "", "1": "", class: "", ["__proto__"]: "p", constructor: "c" },
      { order_id: "a", orderId: 1, "with space": "", "1": "", class: "", ["__proto__"]: "p", constructor: "c", "*/": "", "line\u2028break\n": "", 'quo"te': "" },
    ],
    invalid: [
      { order_id: 1, orderId: 1, "with space": "", "1": "", class: "", ["__proto__"]: "p", constructor: "c" },
      { order_id: "a", orderId: "a", "with space": "", "1": "", class: "", ["__proto__"]: "p", constructor: "c" },
      { order_id: "a", orderId: 1, "with space": "", "1": "", class: "", ["__proto__"]: "p", constructor: 1 },
      { order_id: "a", orderId: 1, "with space": "", "1": "", class: "", constructor: "c" },
      { order_id: "a", orderId: 1, "with space": "", "1": "", class: "", ["__proto__"]: "p" },
    ],
    refusedByValidator: [{ order_id: "a", orderId: 1, "with space": "", "1": "", class: "", ["__proto__"]: "p", constructor: "c", toString: 1 }],
  },
  Anything: { schema: {}, valid: [null, 1, "a", [], {}], invalid: [] },
  Impossible: { schema: { type: "object", properties: { never: false } }, valid: [{}], invalid: [{ never: 1 }] },
  NoEnum: { schema: { enum: [] }, valid: [], invalid: [1, null] },
  Untyped: {
    schema: { properties: { a: { type: "string" } }, required: ["a"] },
    valid: [{ a: "a" }, 1, "text", null, [1]],
    invalid: [{ a: 1 }, {}],
  },
  UntypedItems: { schema: { items: { type: "string" } }, valid: [["a"], 1, null, { a: 1 }], invalid: [[1]] },
  TypeBesideReference: { schema: { type: "object", allOf: [{ $ref: "#/definitions/Money" }] }, valid: [{ amount: 1, currency: "EUR" }], invalid: [{}] },
  NullableReference: { schema: { anyOf: [{ $ref: "#/definitions/Money" }, { type: "null" }] }, valid: [null, { amount: 1, currency: "EUR" }], invalid: [{}, 1] },
  NarrowedReference: { schema: { type: "string", allOf: [{ $ref: "#/definitions/Code" }] }, valid: ["a"], invalid: [null, 1] },
  ReferenceToAnything: { schema: { type: "array", items: { $ref: "#/definitions/Anything" } }, valid: [[1, "a", null]], invalid: [1] },
  RequiredUndeclared: { schema: { type: "object", required: ["id"], properties: { a: { type: "string" } } }, valid: [{ id: 1 }, { id: null, a: "a" }], invalid: [{ a: "a" }] },
  Conditional: {
    schema: { type: "object", required: ["kind"], properties: { kind: { type: "string" } }, if: { properties: { kind: { const: "a" } } }, then: { required: ["a"] } },
    valid: [{ kind: "b" }, { kind: "a", a: 1 }],
    invalid: [{}],
    refusedByValidator: [{ kind: "a" }],
  },
  Not: { schema: { type: "string", not: { const: "admin" } }, valid: ["a"], invalid: [1], refusedByValidator: ["admin"] },
  Formats: {
    schema: { type: "object", properties: { at: { type: "string", format: "date-time" }, day: { type: "string", format: "date" }, id: { type: "string", format: "uuid" } } },
    valid: [{ at: "2026-01-02T03:04:05Z", day: "2024-02-29", id: "6f8d7c1e-6c5b-4b0e-9a55-0d1f6f5f7a01" }],
    invalid: [{ at: 1 }],
    refusedByValidator: [{ at: "2026-01-02" }, { day: "2025-02-29" }, { id: "x" }],
  },
  Limits: {
    schema: { type: "array", items: { type: "integer", minimum: 0, multipleOf: 2 }, minItems: 1, maxItems: 3, uniqueItems: true },
    valid: [[0], [2, 4, 6]],
    invalid: [["a"]],
    refusedByValidator: [[], [1], [-2], [2, 2], [0, 2, 4, 6]],
  },
};
