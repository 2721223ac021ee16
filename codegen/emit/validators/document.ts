/** The schema document of a version, compiled where it is used: for tools that have no generated code at hand. */
import type { ValidateFunction } from "ajv";
import { fullFormats } from "ajv-formats/dist/formats.js";
import type { JsonSchema } from "../../model/model.ts";
import { isSchema, schemaEntries, type SchemaObject } from "../json-schema.ts";
import { createAjv } from "./ajv.ts";
import { checkedFormats } from "./formats.ts";
import { namesInherited, prepareSchema } from "./prepare.ts";

const ROOT_KEY = "root";

/** A validator with the verdicts of the generated one, that reports every violation. */
export function compileDocument(document: SchemaObject): ValidateFunction {
  const { definitions, ...root } = document;
  const entries = schemaEntries(definitions);
  // A name may hold what no reference may.
  const keys = new Map(entries.map(([name], index) => [name, `shared${index}`]));
  const prepare = (schema: JsonSchema): JsonSchema =>
    prepareSchema(schema, "", { referTo: (name) => keys.get(name) ?? name, warn: () => undefined });
  const shared = entries.map(([name, schema]) => [keys.get(name) ?? name, prepare(schema)] as const);
  const prepared = isSchema(root) ? prepare(root) : true;
  const ajv = createAjv({ allErrors: true, ownProperties: namesInherited([prepared, ...shared]) });
  // Those of `createAjv` say only of what kind they are: generated code has its own.
  for (const name of checkedFormats.keys()) {
    const format = Object.entries(fullFormats).find(([known]) => known === name)?.[1];
    if (format !== undefined) ajv.addFormat(name, format);
  }
  for (const [key, schema] of shared) ajv.addSchema(schema, key);
  ajv.addSchema(prepared, ROOT_KEY);
  const validate = ajv.getSchema(ROOT_KEY);
  if (validate === undefined) throw new Error("Ajv forgot it");
  return validate;
}
