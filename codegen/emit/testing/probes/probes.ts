/** Schemas of every construct, with values that tell a right type and validator from a wrong one. */
import type { JsonSchema } from "../../../model/model.ts";
import { arrays } from "./arrays.ts";
import { combinations } from "./combinations.ts";
import { objects } from "./objects.ts";
import { values } from "./values.ts";

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
  // A hierarchy as others write it: each refers to the other, and no value can be checked in finite time.
  Animal: {
    type: "object",
    required: ["kind"],
    properties: { kind: { type: "string" } },
    oneOf: [{ $ref: "#/definitions/Cat" }],
  },
  Cat: { allOf: [{ $ref: "#/definitions/Animal" }, { type: "object", properties: { lives: { type: "integer" } } }] },
  Code: { type: ["string", "null"] },
};

/** By type name. */
export const probes: Readonly<Record<string, Probe>> = { ...values, ...objects, ...arrays, ...combinations };
