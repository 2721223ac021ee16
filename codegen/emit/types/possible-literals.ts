/** The literals of a schema that nothing beside them refuses. */
import { compareSchemas } from "../../evolution/compare.ts";
import type { Definitions, SchemaObject } from "../json-schema.ts";
import { usedDefinitions } from "../schema-document.ts";
import { literalsOf } from "./json-types.ts";

/** What may stand beside literals and takes none of them away; `type` is asked before. */
const HARMLESS = new Set([
  ...["const", "enum", "type", "nullable", "title", "description", "default", "deprecated", "examples"],
  ...["readOnly", "writeOnly", "discriminator", "externalDocs", "contentEncoding", "contentMediaType"],
]);

/** The values that `const` or `enum` limits a schema to, without those that it refuses otherwise; undefined for no limit. */
export function possibleLiterals(schema: SchemaObject, definitions: Definitions): readonly unknown[] | undefined {
  const literals = literalsOf(schema);
  if (literals === undefined || Object.keys(schema).every((keyword) => HARMLESS.has(keyword))) return literals;
  const whole = { ...schema, definitions: Object.fromEntries(usedDefinitions(schema, definitions)) };
  return literals.filter((value) => compareSchemas({ const: value }, whole).verdict !== "breaking");
}
