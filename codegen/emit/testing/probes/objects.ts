/** Schemas of objects. */
import type { Probe } from "./probes.ts";

export const objects: Readonly<Record<string, Probe>> = {
  Dictionary: {
    schema: { type: "object", additionalProperties: { type: "integer" } },
    valid: [{}, { a: 1 }],
    invalid: [{ a: "1" }, 1],
  },
  ListDictionary: {
    schema: { type: "object", additionalProperties: { type: "array", items: { enum: ["a", "b"] } } },
    valid: [{ x: ["a", "b"] }],
    invalid: [{ x: "a" }, { x: ["c"] }],
  },
  OpenObject: { schema: { type: "object" }, valid: [{}, { a: 1 }], invalid: [1, "a"] },
  EmptyObject: { schema: { type: "object", additionalProperties: false }, valid: [{}], invalid: [{ a: 1 }] },
  PropertiesAndRest: {
    schema: {
      type: "object",
      required: ["id"],
      properties: { id: { type: "integer" }, note: { type: "string" } },
      additionalProperties: { type: "boolean" },
    },
    valid: [{ id: 1 }, { id: 1, note: "n", x: true }],
    invalid: [{ id: "1" }, { id: 1, x: [] }, { x: true }],
    refusedByValidator: [{ id: 1, x: "no boolean" }],
  },
  PatternsOnly: {
    schema: {
      type: "object",
      patternProperties: { "^x-": { type: "string" }, "^n-": { type: "number" } },
      additionalProperties: false,
    },
    valid: [{}, { "x-a": "a", "n-a": 1 }],
    invalid: [{ "x-a": true }],
    refusedByValidator: [{ "x-a": 1 }, { other: "a" }],
  },
  PatternsBeside: {
    schema: {
      type: "object",
      required: ["id"],
      properties: { id: { type: "integer" } },
      patternProperties: { "^x-": { type: "string" } },
    },
    valid: [{ id: 1, "x-a": "a" }],
    invalid: [{ id: "1" }],
    refusedByValidator: [{ id: 1, "x-a": 1 }],
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
      {
        order_id: "a",
        orderId: 1,
        "with space": "",
        "1": "",
        class: "",
        ["__proto__"]: "p",
        constructor: "c",
        "*/": "",
        "line\u2028break\n": "",
        'quo"te': "",
      },
    ],
    invalid: [
      { order_id: 1, orderId: 1, "with space": "", "1": "", class: "", ["__proto__"]: "p", constructor: "c" },
      { order_id: "a", orderId: "a", "with space": "", "1": "", class: "", ["__proto__"]: "p", constructor: "c" },
      { order_id: "a", orderId: 1, "with space": "", "1": "", class: "", ["__proto__"]: "p", constructor: 1 },
      { order_id: "a", orderId: 1, "with space": "", "1": "", class: "", constructor: "c" },
      { order_id: "a", orderId: 1, "with space": "", "1": "", class: "", ["__proto__"]: "p" },
    ],
    refusedByValidator: [
      {
        order_id: "a",
        orderId: 1,
        "with space": "",
        "1": "",
        class: "",
        ["__proto__"]: "p",
        constructor: "c",
        toString: 1,
      },
    ],
  },
  NamedAs: {
    schema: { type: "object", propertyNames: { pattern: "^x-" }, required: ["x-a"] },
    valid: [{ "x-a": 1 }, { "x-a": 1, "x-b": 2 }],
    invalid: [{}, { "x-b": 1 }],
    refusedByValidator: [{ "x-a": 1, a: 1 }],
  },
  Nameless: {
    schema: { type: "object", required: ["", "a"], dependencies: { b: ["", "a"] } },
    valid: [
      { "": 1, a: 1 },
      { "": 1, a: 1, b: 1 },
    ],
    invalid: [{}, { a: 1 }, { "": 1 }],
  },
  NamelessDependency: {
    schema: { type: "object", properties: { a: { type: "string" } }, dependencies: { a: [""] } },
    valid: [{}, { a: "a", "": 1 }],
    invalid: [{ a: 1 }],
    refusedByValidator: [{ a: "a" }],
  },
  RequiredInherited: {
    schema: { type: "object", required: ["toString"] },
    valid: [{ toString: 1 }],
    invalid: [null],
    refusedByValidator: [{}, 1],
  },
  LikeAText: {
    schema: { type: "object", required: ["length"], properties: { length: { type: "integer" }, width: {} } },
    valid: [{ length: 1 }, { length: 1, width: 2 }],
    invalid: [{}, { length: "a" }, null, 1],
    refusedByValidator: ["a", [1]],
  },
  LikeAList: {
    schema: { type: "object", properties: { "0": {}, map: {} } },
    valid: [{}, { "0": 1 }, { map: "a" }],
    invalid: [null, true],
    refusedByValidator: [["a", null]],
  },
  Measured: {
    schema: { type: "object", required: ["length", "unit"], properties: { length: { type: "integer" }, unit: {} } },
    valid: [{ length: 1, unit: "m" }],
    invalid: ["a", [1]],
  },
  Impossible: { schema: { type: "object", properties: { never: false } }, valid: [{}], invalid: [{ never: 1 }] },
  RequiredUndeclared: {
    schema: { type: "object", required: ["id"], properties: { a: { type: "string" } } },
    valid: [{ id: 1 }, { id: null, a: "a" }],
    invalid: [{ a: "a" }],
  },
  Conditional: {
    schema: {
      type: "object",
      required: ["kind"],
      properties: { kind: { type: "string" } },
      if: { properties: { kind: { const: "a" } } },
      then: { required: ["a"] },
    },
    valid: [{ kind: "b" }, { kind: "a", a: 1 }],
    invalid: [{}],
    refusedByValidator: [{ kind: "a" }],
  },
};
