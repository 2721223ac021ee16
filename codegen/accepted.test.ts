/**
 * Everything in `testdata/` that is accepted, warnings or not: it compiles, its types agree with its validators, and
 * its bytes do not depend on the order of keys.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { hasErrors } from "./diagnostic.ts";
import type { Definitions } from "./emit/json-schema.ts";
import { claimsOf } from "./emit/testing/claims.ts";
import { emittedTypes } from "./emit/testing/emitted-types.ts";
import { readIn } from "./emit/testing/read-in.ts";
import { typeErrors } from "./emit/testing/type-errors.ts";
import { writeFiles } from "./emit/testing/write-files.ts";
import { generate, readModel, type Generated, type Understood } from "./generate.ts";
import { type AcceptedCase, acceptedCases } from "./tests/accepted-cases.ts";

const project = mkdtempSync(join(import.meta.dirname, ".accepted-"));

/** All of it is done in each test. */
const MOST_MS = 180_000;

interface Accepted extends AcceptedCase {
  readonly generated: Generated;
  readonly understood: Understood;
}

const accepted: Accepted[] = [];

beforeAll(async () => {
  for (const found of acceptedCases()) {
    const { name, folder, text } = found;
    const options = { read: readIn(folder) };
    const generated = await generate("asyncapi.yaml", text, options);
    writeFiles(join(project, name), generated.files);
    accepted.push({ ...found, generated, understood: await readModel("asyncapi.yaml", text, options) });
  }
}, MOST_MS);

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe("what is generated from any contract that is accepted", () => {
  it("is something", () => {
    expect(accepted.length).toBeGreaterThan(10);
    for (const { generated } of accepted) expect(hasErrors(generated.diagnostics)).toBe(false);
  });

  it(
    "has types and validators that agree, on values at the edges, at random and with one thing wrong",
    async () => {
      let held = 0;
      for (const { name, generated, understood } of accepted) {
        const { model } = understood;
        if (model === undefined) throw new Error(`${name} has no model`);
        const definitions: Definitions = new Map(model.schemas.map((shared) => [shared.name, shared.schema]));
        // What TypeScript cannot say was warned of, with the place.
        const wider = generated.diagnostics.some(({ code }) => code === "TYPE_WIDER");
        for (const [index, type] of emittedTypes(model).entries()) {
          const module: { validate: (value: unknown) => boolean } = await import(join(project, name, type.validator));
          const { lines, disagreements } = claimsOf(type, module.validate, definitions, wider);
          expect([name, type.name, disagreements]).toEqual([name, type.name, []]);
          held += lines.length;
          const from = JSON.stringify(`./${type.path}`);
          const text = `import type { ${type.name} as Type } from ${from};\n${lines.join("\n")}\nexport type { Type };\n`;
          writeFileSync(join(project, name, `agreement${index}.ts`), text);
        }
      }
      expect(held).toBeGreaterThan(500);
      expect(typeErrors(project)).toBe("");
    },
    MOST_MS,
  );

  it(
    "does not depend on the order of keys, nor on YAML or JSON",
    async () => {
      for (const { name, folder, text, generated } of accepted) {
        const backwards = JSON.stringify(reversed(parse(text, { merge: true })), undefined, 1);
        const again = await generate("asyncapi.yaml", backwards, { read: readIn(folder) });
        expect([name, Object.fromEntries(again.files)]).toEqual([name, Object.fromEntries(generated.files)]);
      }
    },
    MOST_MS,
  );
});

/** Steps of a mapping are told in the order in which they are written. */
const ORDERED = new Set(["x-evolves", "x-steps"]);

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, ORDERED.has(key) ? member : reversed(member)]),
  );
}
