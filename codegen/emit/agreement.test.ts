import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { default as addFormats } from "ajv-formats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emit, type Emitted } from "./emit.ts";
import { declareValue } from "./testing/declare-value.ts";
import { fileOf, modelOf } from "./testing/model.ts";
import { definitions, probes } from "./testing/probes/probes.ts";
import { typeErrors } from "./testing/type-errors.ts";
import { writeFiles } from "./testing/write-files.ts";

/** One project of all probes, written to the disk once. */
const directory = mkdtempSync(join(import.meta.dirname, ".agreement-"));
let emitted: Emitted;

beforeAll(async () => {
  const schemas = {
    ...definitions,
    ...Object.fromEntries(Object.entries(probes).map(([name, { schema }]) => [`Probe${name}`, schema])),
  };
  emitted = await emit(modelOf({ schemas }));
  writeFiles(directory, emitted.files);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("types and validators of each construct", () => {
  for (const [name, { schema, valid, invalid, refusedByValidator = [] }] of Object.entries(probes)) {
    it(`${name}: the emitted validator agrees with Ajv`, async () => {
      const validate = await validatorOf(`Probe${name}`);
      const reference = referenceValidator(schema);
      for (const value of valid) expect([value, validate(value), reference(value)]).toEqual([value, true, true]);
      for (const value of [...invalid, ...refusedByValidator]) {
        expect([value, validate(value), reference(value)]).toEqual([value, false, false]);
      }
    });
  }

  it("the emitted types take what validators take and refuse what TypeScript can refuse", () => {
    const lines = Object.entries(probes).flatMap(([name, { valid, invalid, refusedByValidator = [] }]) => [
      `import type { Probe${name} } from "./schemas/${fileOf(`Probe${name}`)}.ts";`,
      ...[...valid, ...refusedByValidator].map((value, index) =>
        declareValue(`${name}${index}`, `Probe${name}`, value, ""),
      ),
      ...invalid.map((value, index) =>
        declareValue(`${name}Not${index}`, `Probe${name}`, value, "// @ts-expect-error\n"),
      ),
    ]);
    writeFileSync(join(directory, "probes.ts"), lines.join("\n"));
    expect(typeErrors(directory)).toBe("");
  });

  it("checks a property that is called __proto__, which Ajv by itself skips", async () => {
    const validate = await validatorOf("ProbeAwkwardNames");
    const [value] = probes.AwkwardNames?.valid ?? [];
    expect(validate(value)).toBe(true);
    expect(validate({ ...object(value), ["__proto__"]: 1 })).toBe(false);
  });

  it("warns of exactly what TypeScript cannot say", () => {
    const warned = new Set(emitted.warnings.map(({ pointer }) => pointer.split("/")[3]));
    const wider = [
      "AwkwardNames",
      "Conditional",
      "Containing",
      "LikeAList",
      "LikeAText",
      "NamedAs",
      "Nameless",
      "NamelessDependency",
      "Not",
      "PatternsBeside",
      "PatternsOnly",
      "PropertiesAndRest",
      "RequiredInherited",
      "Untyped",
      "UntypedItems",
    ];
    expect(warned).toEqual(new Set(["Animal", "Cat", ...wider.map((name) => `Probe${name}`)]));
  });
});

/** What a fresh Ajv says of the schema, without our preparation. */
function referenceValidator(schema: unknown): (value: unknown) => boolean {
  // Names that objects inherit need the check of own properties, which Ajv leaves off for speed. Where it stops at the
  // first violation it asks too little of arrays that are shorter than a tuple, and of names that are empty.
  const ajv = new Ajv({ strict: false, ownProperties: true, allErrors: true });
  addFormats.default(ajv);
  const isNothing =
    typeof schema === "object" &&
    schema !== null &&
    "enum" in schema &&
    Array.isArray(schema.enum) &&
    schema.enum.length === 0;
  return ajv.compile(isNothing ? false : { ...object(schema), definitions });
}

function object(schema: unknown): object {
  return typeof schema === "object" && schema !== null ? schema : {};
}

async function validatorOf(name: string): Promise<(value: unknown) => boolean> {
  const module: { validate: (value: unknown) => boolean } = await import(
    join(directory, "schemas", `${fileOf(name)}.validate.js`)
  );
  return module.validate;
}
