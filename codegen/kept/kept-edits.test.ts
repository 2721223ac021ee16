/** While a contract is edited, what is kept of one text must never show in the code of the next. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, expect, it } from "vitest";
import { generate } from "../generate.ts";
import { isList, isObject, own } from "../spec/json.ts";
import { readSource } from "../spec/source.ts";
import { Parts } from "./parts.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const TESTDATA = join(import.meta.dirname, "..", "testdata");

/** By their folders below the root of the project. */
const documents = new Map(
  [".", ...readdirSync(TESTDATA).map((name) => join("codegen/testdata", name))]
    .filter((folder) => folder === "." || existsSync(join(ROOT, folder, "expected")))
    .map((folder) => {
      const text = readFileSync(join(ROOT, folder, "asyncapi.yaml"), "utf8");
      return [folder, readSource("asyncapi.yaml", text).source.data] as const;
    }),
);

/** What somebody changes about one value. */
const EDITS: readonly ((value: unknown) => unknown)[] = [
  () => undefined,
  () => "changed",
  (value) => (typeof value === "number" ? value + 1 : `${String(value)} more`),
  (value) => (isObject(value) ? { ...value, description: "Said now." } : value),
  (value) => (isObject(value) ? { ...value, deprecated: true } : value),
  (value) => (isObject(value) ? { ...value, added: { type: "string", maxLength: 7 } } : value),
  (value) => (isObject(value) ? Object.fromEntries(Object.entries(value).toReversed()) : value),
  (value) => (isObject(value) ? Object.fromEntries(Object.entries(value).slice(1)) : value),
  (value) => (isList(value) ? value.slice(1) : value),
];

/** The value with an edit at the place that the fractions lead to; at one of the members of a leaf's parent in the end. */
function edited(value: unknown, where: readonly number[], edit: (value: unknown) => unknown): unknown {
  const [fraction, ...rest] = where;
  if ((!isObject(value) && !isList(value)) || fraction === undefined) return edit(value);
  const keys = Object.keys(value);
  const chosen = keys[Math.floor(fraction * keys.length)];
  if (isList(value)) {
    return value.map((item, index) => (String(index) === chosen ? edited(item, rest, edit) : item));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, key === chosen ? edited(member, rest, edit) : member]),
  );
}

/** The same among the schemas that messages share, where a change shows in the files of others. */
function editedSchemas(data: unknown, where: readonly number[], edit: (value: unknown) => unknown): unknown {
  const components = own(data, "components");
  const schemas = own(components, "schemas");
  if (!isObject(data) || !isObject(components) || !isObject(schemas)) return edited(data, where, edit);
  return { ...data, components: { ...components, schemas: edited(schemas, where, edit) } };
}

let parts = new Map<string, Parts>();

beforeEach(() => {
  parts = new Map();
});

it("says of any edit, with what is kept of all the texts before, what is said without", async () => {
  let generated = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...documents.keys()),
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 2, maxLength: 9 }),
      fc.constantFrom(...EDITS),
      fc.boolean(),
      async (folder, where, edit, inSchemas) => {
        const data = documents.get(folder);
        const text = JSON.stringify(inSchemas ? editedSchemas(data, where, edit) : edited(data, where, edit));
        const read = async (path: string) => {
          const place = join(ROOT, folder, path);
          return existsSync(place) ? await readFile(place, "utf8") : undefined;
        };
        const options = { read, judge: async () => undefined };
        const kept = parts.get(folder) ?? new Parts();
        if (!parts.has(folder)) await generate("asyncapi.yaml", JSON.stringify(data), { ...options, parts: kept });
        parts.set(folder, kept);
        const again = await attempt(() => generate("asyncapi.yaml", text, { ...options, parts: kept }));
        const anew = await attempt(() => generate("asyncapi.yaml", text, options));
        expect(again).toEqual(anew);
        if (typeof anew === "string" || anew.files.length === 0) return;
        kept.settle();
        generated += 1;
      },
    ),
    { numRuns: 200 },
  );
  expect(generated).toBeGreaterThan(30);
}, 300_000);

/** Without the judge some edits lead to what cannot be generated; then both must say so alike. */
async function attempt(run: () => ReturnType<typeof generate>) {
  try {
    const { files, diagnostics } = await run();
    return { files: [...files], diagnostics };
  } catch (error) {
    return String(error);
  }
}
