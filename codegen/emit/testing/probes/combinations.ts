/** Schemas that combine and refer to others. */
import type { Probe } from "./probes.ts";

export const combinations: Readonly<Record<string, Probe>> = {
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
    schema: {
      allOf: [
        { $ref: "#/definitions/Named" },
        { type: "object", required: ["age"], properties: { age: { type: "integer" } } },
      ],
    },
    valid: [{ name: "n", age: 1 }],
    invalid: [{ name: "n" }, { age: 1 }, "n"],
  },
  RequiredElsewhere: {
    schema: {
      type: "object",
      properties: { a: { type: "string" }, b: { type: "string" } },
      anyOf: [{ required: ["a"] }, { required: ["b"] }],
    },
    valid: [{ a: "a" }, { b: "b" }, { a: "a", b: "b" }],
    invalid: [{}, { a: 1 }],
  },
  OneOf: {
    schema: {
      oneOf: [
        {
          type: "object",
          required: ["kind", "radius"],
          properties: { kind: { const: "circle" }, radius: { type: "number" } },
        },
        {
          type: "object",
          required: ["kind", "side"],
          properties: { kind: { const: "square" }, side: { type: "number" } },
        },
        { type: "null" },
      ],
    },
    valid: [{ kind: "circle", radius: 1 }, { kind: "square", side: 1 }, null],
    invalid: [{ kind: "circle", side: 1 }, { kind: "other" }, {}],
  },
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
  TypeBesideReference: {
    schema: { type: "object", allOf: [{ $ref: "#/definitions/Money" }] },
    valid: [{ amount: 1, currency: "EUR" }],
    invalid: [{}],
  },
  NullableReference: {
    schema: { anyOf: [{ $ref: "#/definitions/Money" }, { type: "null" }] },
    valid: [null, { amount: 1, currency: "EUR" }],
    invalid: [{}, 1],
  },
  NarrowedReference: {
    schema: { type: "string", allOf: [{ $ref: "#/definitions/Code" }] },
    valid: ["a"],
    invalid: [null, 1],
  },
};
