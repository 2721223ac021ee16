/** While a contract is edited, what is kept of one text must never show in the code of the next. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, expect, it } from "vitest";
import { generate } from "../generate.ts";
import { isList, isObject } from "../spec/json.ts";
import { readSource } from "../spec/source.ts";
import { Parts } from "./parts.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const TESTDATA = join(import.meta.dirname, "..", "testdata");

const documents = [
  ROOT,
  ...readdirSync(TESTDATA)
    .filter((name) => existsSync(join(TESTDATA, name, "expected")))
    .map((name) => join(TESTDATA, name)),
].map((folder) => ({
  folder,
  data: readSource("a.yaml", readFileSync(join(folder, "asyncapi.yaml"), "utf8")).source.data,
}));

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

let parts = new Map<string, Parts>();

beforeEach(() => {
  parts = new Map();
});

it("says of any edit, with what is kept of all the texts before, what is said without", async () => {
  let generated = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...documents),
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 2, maxLength: 9 }),
      fc.constantFrom(...EDITS),
      async ({ folder, data }, where, edit) => {
        const text = JSON.stringify(edited(data, where, edit), undefined, 1);
        const read = async (path: string) => {
          const place = join(folder, path);
          return existsSync(place) ? await readFile(place, "utf8") : undefined;
        };
        const options = { read, judge: async () => undefined };
        const kept = parts.get(folder) ?? new Parts();
        parts.set(folder, kept);
        const again = await attempt(() => generate("asyncapi.yaml", text, { ...options, parts: kept }));
        const anew = await attempt(() => generate("asyncapi.yaml", text, options));
        kept.settle();
        expect(again).toEqual(anew);
        if (typeof anew !== "string" && anew.files.length > 0) generated += 1;
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
