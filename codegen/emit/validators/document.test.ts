import { expect, it } from "vitest";
import { isObject } from "../json-schema.ts";
import { definitions, probes } from "../testing/probes/probes.ts";
import { compileDocument } from "./document.ts";

it.each(Object.entries(probes))("%s: a compiled document agrees with the emitted validator", (_, probe) => {
  const { schema, valid, invalid, refusedByValidator = [] } = probe;
  const root = isObject(schema) && schema["$ref"] === undefined ? schema : { allOf: [schema] };
  const validate = compileDocument({ ...root, definitions });
  for (const value of valid) expect([value, validate(value)]).toEqual([value, true]);
  for (const value of [...invalid, ...refusedByValidator]) expect([value, validate(value)]).toEqual([value, false]);
});

it("checks formats and decimals, and says every fault", () => {
  const validate = compileDocument({
    type: "object",
    required: ["id"],
    properties: { id: { type: "string", format: "uuid" }, price: { type: "number", multipleOf: 0.01 } },
  });
  expect(validate({ id: "5e7a2a52-6fd4-4a3c-8b32-0b0f6f2a9d11", price: 541_836.09 })).toBe(true);
  expect(validate({ id: "no uuid", price: 0.001 })).toBe(false);
  expect(validate.errors?.map(({ instancePath }) => instancePath)).toEqual(["/id", "/price"]);
});
