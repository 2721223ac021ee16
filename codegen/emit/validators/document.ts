/** Schemas compiled where they are used: for tools that have no generated code at hand. */
import type { ValidateFunction } from "ajv";
import { fullFormats } from "ajv-formats/dist/formats.js";
import type { JsonSchema } from "../../model/model.ts";
import { isSchema, schemaEntries, type NamedEntry, type SchemaObject } from "../json-schema.ts";
import { createAjv } from "./ajv.ts";
import { checkedFormats } from "./formats.ts";
import { namesInherited, prepareSchema } from "./prepare.ts";

/** A validator of the document of a version, with the verdicts of the generated one, that reports every violation. */
export function compileDocument(document: SchemaObject): ValidateFunction {
  const { definitions, ...root } = document;
  return documentCompiler(schemaEntries(definitions), [root])(isSchema(root) ? root : true);
}

/**
 * Prepares to compile schemas that refer to these shared ones.
 * @param schemas All that will be compiled.
 */
export function documentCompiler(
  definitions: readonly NamedEntry[],
  schemas: readonly JsonSchema[],
): (schema: JsonSchema) => ValidateFunction {
  // A name may hold what no reference may.
  const keys = new Map(definitions.map(([name], index) => [name, `shared${index}`]));
  const prepare = (schema: JsonSchema): JsonSchema =>
    prepareSchema(schema, "", { referTo: (name) => keys.get(name) ?? name, warn: () => undefined });
  const shared = definitions.map(([name, schema]) => [keys.get(name) ?? name, prepare(schema)] as const);
  const ajv = createAjv({ allErrors: true, ownProperties: namesInherited([...schemas, ...shared]) });
  // Those of `createAjv` say only of what kind they are: generated code has its own.
  for (const name of checkedFormats.keys()) {
    const format = Object.entries(fullFormats).find(([known]) => known === name)?.[1];
    if (format !== undefined) ajv.addFormat(name, format);
  }
  for (const [key, schema] of shared) ajv.addSchema(schema, key);
  return (schema) => ajv.compile(prepare(schema));
}
