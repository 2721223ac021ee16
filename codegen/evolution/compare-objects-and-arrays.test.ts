import { expectVerdicts } from "./inclusion/testing/verdicts.ts";

const modern = "https://json-schema.org/draft/2020-12/schema";

expectVerdicts({
  objects: [
    [
      { type: "object", required: ["a"], maxProperties: 1 },
      { propertyNames: { const: "a" } },
      "compatible",
      "breaking",
    ],
    [
      { type: "object", patternProperties: { "^x": { type: "string" } }, additionalProperties: false },
      { type: "object", patternProperties: { "^x": { type: "string" } }, additionalProperties: { type: "number" } },
      "compatible",
      "breaking",
    ],
    [{ type: "object" }, { type: "object", properties: { a: { type: "string" } } }, "breaking", "compatible"],
    [{ type: "object", required: ["a", "b"] }, { type: "object", required: ["b"] }, "compatible", "breaking"],
    [{ type: "object", required: ["a"] }, { type: "object", minProperties: 1 }, "compatible", "breaking"],
    [{ required: ["a"] }, { type: "object" }, "breaking", "breaking"],
    [
      { properties: { a: { type: "string" } }, additionalProperties: false },
      { maxProperties: 1 },
      "compatible",
      "breaking",
    ],
    [
      { type: "object", additionalProperties: { type: "integer" } },
      { type: "object", properties: { a: { type: "integer" } }, additionalProperties: { type: "number" } },
      "compatible",
      "breaking",
    ],
    [
      { type: "object", patternProperties: { "^x_": { type: "string" } }, additionalProperties: false },
      { type: "object", propertyNames: { minLength: 2 } },
      "compatible",
      "breaking",
    ],
    [
      { type: "object", patternProperties: { "^a": { type: "string" }, b$: { type: "number" } } },
      { type: "object", properties: { ab: false } },
      "compatible",
      "breaking",
    ],
    [{ propertyNames: { enum: ["a", "b"] } }, { maxProperties: 2 }, "compatible", "breaking"],
    [{ dependencies: { a: ["b", "c"] } }, { dependencies: { a: ["b"] } }, "compatible", "breaking"],
    [{ dependencies: { a: { required: ["b"] } } }, { dependencies: { a: ["b"] } }, "compatible", "compatible"],
    [{ dependentRequired: { a: ["b"] } }, { dependentSchemas: { a: { required: ["b"] } } }, "compatible", "compatible"],
    [
      { type: "object", properties: { a: { default: 1 } } },
      { type: "object", required: ["a"] },
      "breaking",
      "compatible",
    ],
  ],
  "what an exhaustive search would settle": [
    // { y: null } is the only way: one name for both demands, which are looked for one after the other.
    [
      {
        type: "object",
        propertyNames: { enum: ["x", "y"] },
        maxProperties: 1,
        not: { anyOf: [{ propertyNames: { const: "z" } }, { propertyNames: { const: "x" } }] },
      },
      false,
      "undecided",
      "compatible",
    ],
    // [2, 1] is the only way: the first item may not take what the second needs.
    [
      { type: "array", items: [{ enum: [1, 2] }, { const: 1 }], uniqueItems: true, minItems: 2 },
      false,
      "undecided",
      "compatible",
    ],
  ],
  arrays: [
    [
      { $schema: modern, type: "array", contains: { const: 1 }, maxContains: 1 },
      { $schema: modern, type: "array", contains: { const: 1 }, maxContains: 2 },
      "compatible",
      "breaking",
    ],
    [
      { type: "array", not: { contains: { type: "string" } } },
      { items: { not: { type: "string" } } },
      "compatible",
      "breaking",
    ],
    [
      { type: "array", items: [{}], additionalItems: { type: "number" }, contains: { type: "string" } },
      { type: "array", items: [{ type: "string" }] },
      "compatible",
      "breaking",
    ],
    [
      { type: "array", items: [{}], additionalItems: { type: "number" }, contains: { type: "string" } },
      { type: "array", maxItems: 0 },
      "breaking",
      "breaking",
    ],
    [
      { type: "array", items: { type: "integer" } },
      { type: "array", items: { type: "number" } },
      "compatible",
      "breaking",
    ],
    [{ items: [{ type: "string" }], additionalItems: false }, { maxItems: 1 }, "compatible", "breaking"],
    [{ items: { type: "string" } }, { items: [{ type: "string" }] }, "compatible", "breaking"],
    [{ $schema: modern, prefixItems: [{ type: "string" }], items: false }, { maxItems: 1 }, "compatible", "breaking"],
    [{ type: "array", contains: { const: 1 } }, { type: "array", minItems: 1 }, "compatible", "breaking"],
    [
      { $schema: modern, contains: { const: 1 }, maxContains: 2 },
      { $schema: modern, contains: { const: 1 } },
      "compatible",
      "breaking",
    ],
    [
      { $schema: modern, type: "array", contains: { type: "string" }, minContains: 3 },
      { $schema: modern, type: "array", contains: { type: "string" }, minContains: 2 },
      "compatible",
      "breaking",
    ],
    [{ type: "array", uniqueItems: true, items: { enum: [1, 2] } }, { maxItems: 2 }, "compatible", "breaking"],
    [{ type: "array", maxItems: 1 }, { type: "array", uniqueItems: true }, "compatible", "breaking"],
    [
      { items: { type: "string" }, contains: { type: "number" } },
      { not: { type: "array" } },
      "compatible",
      "compatible",
    ],
  ],
});
