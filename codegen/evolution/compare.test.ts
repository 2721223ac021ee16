import { describe, expect, it } from "vitest";
import { compareSchemas } from "./compare.ts";
import { expectVerdicts } from "./inclusion/testing/verdicts.ts";

const modern = "https://json-schema.org/draft/2020-12/schema";
const tree = (value: unknown): unknown => ({
  $ref: "#/definitions/tree",
  definitions: { tree: { type: "object", properties: { value, next: { $ref: "#/definitions/tree" } } } },
});

/** An `even` goes on with an `odd` or ends, an `odd` goes on with an `even`: an odd one has a value because an even one has. */
const alternating = {
  type: "object",
  required: ["even", "odd"],
  properties: { even: { $ref: "#/definitions/even" }, odd: { $ref: "#/definitions/odd" } },
  definitions: {
    even: {
      type: "object",
      anyOf: [{ properties: { next: { $ref: "#/definitions/odd" } }, required: ["next"] }, { required: ["end"] }],
    },
    odd: { type: "object", properties: { next: { $ref: "#/definitions/even" } }, required: ["next"] },
  },
};

expectVerdicts({
  "combined schemas": [
    [{ oneOf: [{ type: ["string", "number"] }, { type: "string" }] }, { type: "number" }, "compatible", "compatible"],
    [{ oneOf: [{ type: "string" }, { type: "number" }] }, { type: ["string", "number"] }, "compatible", "compatible"],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, { type: ["string", "null"] }, "compatible", "compatible"],
    // 1 satisfies both branches of what was widened.
    [
      { oneOf: [{ const: 1 }, { const: "a" }] },
      { oneOf: [{ const: 1 }, { type: ["string", "number"] }] },
      "breaking",
      "breaking",
    ],
    [{ not: { not: { type: "string" } } }, { type: "string" }, "compatible", "compatible"],
    [{ not: { type: "string", maxLength: 10 } }, { not: { type: "string", maxLength: 5 } }, "compatible", "breaking"],
    [{ allOf: [{ minimum: 1 }, { maximum: 3 }] }, { minimum: 1, maximum: 3 }, "compatible", "compatible"],
    [
      { if: { type: "string" }, then: { minLength: 2 }, else: { type: "number" } },
      { anyOf: [{ type: "number" }, { type: "string", minLength: 1 }] },
      "compatible",
      "breaking",
    ],
    [{ if: { required: ["a"] } }, {}, "compatible", "compatible"],
    [
      {
        oneOf: ["a", "b"].map((kind) => ({
          type: "object",
          properties: { kind: { const: kind } },
          required: ["kind"],
        })),
      },
      { type: "object", properties: { kind: { enum: ["a", "b"] } }, required: ["kind"] },
      "compatible",
      "compatible",
    ],
  ],
  "references and recursion": [
    [alternating, { type: "object", maxProperties: 1 }, "breaking", "breaking"],
    [
      { $ref: "#/definitions/a~1b", definitions: { "a/b": { type: "string" } } },
      { type: "string" },
      "compatible",
      "compatible",
    ],
    [{ $ref: "#/$defs/%25", $defs: { "%": { type: "string" } } }, { type: "string" }, "compatible", "compatible"],
    [
      { $ref: "#here", definitions: { a: { $id: "#here", type: "string" } } },
      { type: "string" },
      "compatible",
      "compatible",
    ],
    [
      { $schema: modern, $ref: "#here", $defs: { a: { $anchor: "here", type: "string" } } },
      { type: "string" },
      "compatible",
      "compatible",
    ],
    [
      { $id: "http://example.com/root", $ref: "other#/a", definitions: { o: { $id: "other", a: { type: "string" } } } },
      { type: "string" },
      "compatible",
      "compatible",
    ],
    [
      { properties: { $ref: { type: "string" } } },
      { properties: { $ref: { type: ["string", "null"] } } },
      "compatible",
      "breaking",
    ],
    [tree({ type: "integer" }), tree({ type: "number" }), "compatible", "breaking"],
    [
      { type: "object", required: ["next"], properties: { next: { $ref: "#" } } },
      { type: "string" },
      "compatible",
      "breaking",
    ],
    [{ $ref: "http://example.com/elsewhere" }, { $ref: "http://example.com/elsewhere" }, "compatible", "compatible"],
    [{ $ref: "elsewhere.json" }, { $ref: "elsewhere.json" }, "undecided", "undecided"],
    [{ $ref: "#" }, { type: "string" }, "undecided", "undecided"],
    [
      { $schema: modern, $dynamicRef: "#n", $defs: { n: { $dynamicAnchor: "n", type: "string" } } },
      { type: "string" },
      "compatible",
      "compatible",
    ],
  ],
  "keywords beside a $ref": [
    [
      { $schema: modern, $ref: "#/$defs/a", maxLength: 3, $defs: { a: { type: "string" } } },
      { type: "string", maxLength: 3 },
      "compatible",
      "compatible",
    ],
    // Draft-07 ignores maxLength here, Ajv applies it.
    [
      { $ref: "#/definitions/a", maxLength: 3, definitions: { a: { type: "string" } } },
      { type: "string" },
      "compatible",
      "undecided",
    ],
    [
      { $ref: "#/definitions/a", maxLength: 3, definitions: { a: { type: "string" } } },
      { type: "number" },
      "breaking",
      "breaking",
    ],
  ],
  "unevaluated members and items": [
    [
      { $schema: modern, allOf: [{ unevaluatedProperties: { type: "string" } }], unevaluatedProperties: false },
      { additionalProperties: { type: "string" } },
      "compatible",
      "compatible",
    ],
    [
      {
        $schema: modern,
        type: "object",
        if: { required: ["a"] },
        then: { properties: { a: {}, b: {} } },
        else: { properties: { c: {} } },
        unevaluatedProperties: false,
      },
      { dependencies: { b: ["a"], c: { not: { required: ["a"] } } }, propertyNames: { enum: ["a", "b", "c"] } },
      "compatible",
      "breaking",
    ],
    [
      { $schema: modern, allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
      { properties: { a: {} }, additionalProperties: false },
      "compatible",
      "compatible",
    ],
    [
      {
        $schema: modern,
        type: "object",
        anyOf: [{ properties: { a: {} }, required: ["a"] }, { properties: { b: {} } }],
        unevaluatedProperties: false,
      },
      { type: "object", propertyNames: { enum: ["a", "b"] } },
      "compatible",
      "compatible",
    ],
    [
      { $schema: modern, type: "array", prefixItems: [{}], unevaluatedItems: { type: "string" } },
      { $schema: modern, type: "array", prefixItems: [{}], items: { type: "string" } },
      "compatible",
      "compatible",
    ],
    [
      { $schema: modern, $ref: "elsewhere.json", unevaluatedProperties: false },
      { maxProperties: 0 },
      "undecided",
      "undecided",
    ],
  ],
  "what is not understood": [
    [
      {
        $schema: modern,
        $ref: "old",
        $defs: { old: { $id: "old", $schema: "http://json-schema.org/draft-07/schema#" } },
      },
      {},
      "compatible",
      "undecided",
    ],
    [{ type: "string", entropy: 1 }, { type: "string" }, "compatible", "undecided"],
    [{ type: "string", entropy: 1 }, { type: "string", entropy: 2 }, "undecided", "undecided"],
    [{ type: "string", entropy: 1, maxLength: 1 }, { type: "string", entropy: 1 }, "compatible", "breaking"],
    [{ type: "array", maxItmes: 1 }, { type: "array", maxItems: 1 }, "breaking", "undecided"],
    [{ type: "any" }, { type: "string" }, "undecided", "undecided"],
    [{ minLength: "3" }, {}, "compatible", "undecided"],
    [{ $schema: "http://example.com/dialect" }, {}, "compatible", "undecided"],
    [{ $schema: "http://json-schema.org/draft-07/schema#", prefixItems: [false] }, {}, "compatible", "undecided"],
    [{ type: "string" }, { type: "string", contentEncoding: "base64" }, "undecided", "compatible"],
    [
      { $schema: modern, type: "string" },
      { $schema: modern, type: "string", contentEncoding: "base64" },
      "compatible",
      "compatible",
    ],
    [42, {}, "compatible", "undecided"],
  ],
});

describe("a reason", () => {
  it.each([
    [{ type: "string" }, { type: "string", entropy: 3 }, "the keyword entropy is not known"],
    [{ $ref: "#/definitions/gone" }, false, "$ref #/definitions/gone leads nowhere in this document"],
    [{ type: "array", minItems: 1e9 }, { minItems: 2e9 }, "the arrays that it takes are too long to write out"],
  ])("of %j to %j says what stands in the way", (writer, reader, reason) => {
    expect(compareSchemas(writer, reader)).toEqual({ verdict: "undecided", reason });
  });
});
