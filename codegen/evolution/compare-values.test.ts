import { expectVerdicts } from "./inclusion/testing/verdicts.ts";

const draft4 = "http://json-schema.org/draft-04/schema#";

expectVerdicts({
  "type, enum, const": [
    [{ type: "integer" }, { type: "number" }, "compatible", "breaking"],
    [{ const: 1 }, { type: "integer" }, "compatible", "breaking"],
    [{ enum: [1, 2] }, { enum: [2, 1.0, 3] }, "compatible", "breaking"],
    [{ enum: [0] }, { const: -0 }, "compatible", "compatible"],
    [{ enum: ["a", 1] }, { type: ["string", "integer"] }, "compatible", "breaking"],
    [{ const: { a: 1, b: [] } }, { const: { b: [], a: 1 } }, "compatible", "compatible"],
    [{ type: "string", nullable: true }, { type: ["null", "string"] }, "compatible", "compatible"],
    [{ type: "boolean" }, { enum: [true, false] }, "compatible", "compatible"],
    [{ type: "string" }, { type: "string", title: "T", examples: ["a"], "x-note": 1 }, "compatible", "compatible"],
  ],
  "schemas that nothing satisfies": [
    [{ type: "string", enum: [1] }, { type: "boolean" }, "compatible", "breaking"],
    [{ minimum: 2, maximum: 1, type: "number" }, false, "compatible", "compatible"],
    [{ type: "object", required: ["a"], properties: { a: false } }, false, "compatible", "compatible"],
    [{ type: "array", minItems: 3, uniqueItems: true, items: { type: "boolean" } }, false, "compatible", "compatible"],
    [{ type: "object", additionalProperties: false, minProperties: 1 }, false, "compatible", "compatible"],
    [false, { type: "null" }, "compatible", "breaking"],
    [true, {}, "compatible", "compatible"],
  ],
  numbers: [
    [{ type: "number", exclusiveMaximum: 5 }, { type: "number", maximum: 5 }, "compatible", "breaking"],
    [{ type: "number", exclusiveMinimum: 5 }, { type: "number", minimum: 5 }, "compatible", "breaking"],
    [{ type: "number", minimum: 10 }, { type: "number", exclusiveMinimum: 9 }, "compatible", "breaking"],
    [{ type: "integer", exclusiveMaximum: 10 }, { type: "integer", maximum: 9 }, "compatible", "compatible"],
    [{ type: "integer", minimum: 1, maximum: 3 }, { enum: [1, 2, 3] }, "compatible", "compatible"],
    [{ type: "number", multipleOf: 6 }, { type: "number", multipleOf: 1.5 }, "compatible", "breaking"],
    [{ multipleOf: 0.01 }, { multipleOf: 0.01 }, "compatible", "compatible"],
    [{ type: "integer", multipleOf: 6 }, { not: { type: "integer", multipleOf: 4 } }, "breaking", "breaking"],
    [{ allOf: [{ multipleOf: 4 }, { multipleOf: 6 }] }, { multipleOf: 12 }, "compatible", "compatible"],
    [{ minimum: 0, exclusiveMinimum: true }, { exclusiveMinimum: 0 }, "compatible", "compatible"],
    [{ $schema: draft4, minimum: 0, exclusiveMinimum: true }, { minimum: 0 }, "compatible", "breaking"],
    [{ type: "integer", format: "int32" }, { type: "integer", format: "int64" }, "compatible", "breaking"],
    [{ type: "number" }, { type: "number", format: "double" }, "compatible", "compatible"],
  ],
  "numbers where validators differ": [
    // 0.57 is three cents nineteen times, and 0.57 / 0.01 is 56.99999999999999.
    [{ type: "number", multipleOf: 0.03 }, { type: "number", multipleOf: 0.01 }, "undecided", "breaking"],
    // No double lies between, and a decimal does.
    [{ type: "number", exclusiveMinimum: 0 }, { type: "number", minimum: 5e-324 }, "undecided", "compatible"],
  ],
  strings: [
    [{ type: "string", minLength: 2, maxLength: 4 }, { type: "string", maxLength: 5 }, "compatible", "breaking"],
    [{ type: "string", pattern: "^[a-z]{2}$" }, { type: "string", pattern: "^[a-z]+$" }, "compatible", "breaking"],
    [{ type: "string", pattern: "^a+$", maxLength: 65_535 }, { pattern: "^[ab]+$" }, "compatible", "breaking"],
    [{ type: "string", pattern: "^(a|b)$" }, { enum: ["a", "b"] }, "compatible", "compatible"],
    [{ type: "string", pattern: "^.$" }, { maxLength: 1 }, "compatible", "breaking"],
    [{ type: "string", pattern: "^(?=.*\\d).{4,}$" }, { type: "string", pattern: "\\d" }, "compatible", "breaking"],
    [{ type: "string", pattern: "^(?!x_)" }, { not: { type: "string", pattern: "^x_" } }, "compatible", "breaking"],
    [{ type: "string", minLength: 1 }, { type: "string", pattern: "." }, "breaking", "compatible"],
    [{ type: "string", maxLength: 1 }, { type: "string", pattern: "^[^]?$" }, "compatible", "compatible"],
    [{ type: "string", pattern: "^(a)\\1$" }, { type: "string", pattern: "^(a)\\1$" }, "compatible", "compatible"],
    [{ type: "string", pattern: "^(a)\\1$" }, { type: "string", pattern: "^aa$" }, "undecided", "undecided"],
  ],
  "format, an assertion": [
    [{ type: "string", format: "date" }, { type: "string" }, "compatible", "breaking"],
    [{ type: "string", format: "date" }, { type: "string", format: "date-time" }, "breaking", "breaking"],
    [{ type: "string", format: "uri" }, { type: "string", format: "uri-reference" }, "compatible", "breaking"],
    [
      { type: "string", format: "date" },
      { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\d$" },
      "compatible",
      "breaking",
    ],
    [{ type: "string", format: "ipv4" }, { type: "string", maxLength: 15 }, "compatible", "breaking"],
    [{ type: "string", format: "uuid" }, { type: "string", maxLength: 36 }, "breaking", "breaking"],
    [{ type: "string", format: "email" }, { type: "string", format: "uri-reference" }, "breaking", "breaking"],
    // No date that we know is refused, but what a format accepts is for each validator to say.
    [{ type: "string", format: "date" }, { type: "string", format: "uri-template" }, "undecided", "breaking"],
    [{ type: "string", format: "sku" }, { type: "string", format: "sku" }, "compatible", "compatible"],
    [{ type: "string", format: "sku" }, { type: "string" }, "compatible", "undecided"],
  ],
});
