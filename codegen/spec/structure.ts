/**
 * The judge's rule of structure, decided ahead where the document keeps it. The judge compiles the meta-schemas of
 * AsyncAPI in every process, which takes most of the time that a small document takes; compiled once and kept, the same
 * schemas by the same Ajv say the same of what is valid. Of what is not, the judge says itself what is wrong.
 */
import { createRequire } from "node:module";
import type { Ajv, Options } from "ajv";
import { type Accepts, keptValidator } from "../kept/kept-validator.ts";
import { loadPackage, type Load } from "../kept/load-package.ts";

/** As the judge makes it, except that the first violation is enough and nobody reads it. */
const OPTIONS: Options = {
  allErrors: false,
  meta: true,
  messages: false,
  strict: false,
  allowUnionTypes: true,
  logger: false,
  unicodeRegExp: false,
  validateSchema: false,
  code: { source: true },
};

/** The only dialect that the meta-schemas of AsyncAPI are written in; another one is left to the judge. */
const DIALECT = /^http:\/\/json-schema\.org\/draft-07\/schema#?$/;

/** What the judge knows besides the draft of Ajv itself. */
const META_SCHEMAS = [
  "@stoplight/spectral-functions/dist/schema/draft4.json",
  "ajv/dist/refs/json-schema-draft-06.json",
];

/** The draft that the meta-schemas of AsyncAPI refer to; undefined where the judge's packages lie elsewhere than expected. */
export function draft07(): Readonly<Record<string, unknown>> | undefined {
  const load = loadOfJudge();
  return load && { ...loadPackage<MetaSchema>(load, "ajv/dist/refs/json-schema-draft-07.json", ["$schema"]) };
}

const known = new WeakMap<object, { readonly accepts: Accepts | undefined }>();

/**
 * The validator of a meta-schema as the judge has prepared it.
 * @returns Undefined where it cannot be kept, or is of another kind than expected.
 */
export function structureOf(schema: Readonly<Record<string, unknown>>): Accepts | undefined {
  const found = known.get(schema) ?? { accepts: prepare(schema) };
  known.set(schema, found);
  return found.accepts;
}

function prepare(schema: Readonly<Record<string, unknown>>): Accepts | undefined {
  const { $schema, $id } = schema;
  if (typeof $schema !== "string" || !DIALECT.test($schema) || typeof $id !== "string") return undefined;
  const load = loadOfJudge();
  if (load === undefined) return undefined;
  return keptValidator({
    purpose: $id.replace(/^https?:\/\//, "").replace(/\W+/g, "-"),
    schema,
    load,
    createAjv: () => ajvOfJudge(load),
  });
}

/** Loads packages where the judge's own rule finds them, so that they are of the same versions. */
function loadOfJudge(): Load | undefined {
  try {
    const parser = createRequire(createRequire(import.meta.url).resolve("@asyncapi/parser"));
    return createRequire(parser.resolve("@stoplight/spectral-functions"));
  } catch {
    return undefined;
  }
}

interface Formats {
  readonly default: (ajv: Ajv) => unknown;
}

interface MetaSchema {
  readonly $schema: string;
}

function ajvOfJudge(load: Load): Ajv {
  const { Ajv } = loadPackage<typeof import("ajv")>(load, "ajv", ["Ajv"]);
  const ajv = new Ajv(OPTIONS);
  loadPackage<Formats>(load, "ajv-formats", ["default"]).default(ajv);
  for (const schema of META_SCHEMAS) ajv.addSchema(loadPackage<MetaSchema>(load, schema, ["$schema"]));
  return ajv;
}
