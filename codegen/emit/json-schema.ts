/** How emitters read a JSON Schema: by guards, since a keyword may hold anything. */
import type { JsonSchema } from "../model/model.ts";

export type SchemaObject = Exclude<JsonSchema, boolean>;

/** Schemas that others refer to, by name. */
export type Definitions = ReadonlyMap<string, JsonSchema>;

/** A schema under a name, as `properties` holds them. */
export type NamedEntry = readonly [name: string, schema: JsonSchema];

const REFERENCE = "#/definitions/";

/** Whether the value is a mapping. */
export function isObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is a schema as far as its outside shows. */
export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "boolean" || isObject(value);
}

/** The schemas of a keyword that holds a list of them, such as `allOf`; none when it is absent. */
export function schemaList(value: unknown): readonly JsonSchema[] {
  return Array.isArray(value) ? value.filter(isSchema) : [];
}

/** The schemas of a keyword that holds them by name, such as `properties`; none when it is absent. */
export function schemaEntries(value: unknown): readonly NamedEntry[] {
  return isObject(value)
    ? Object.entries(value).filter((entry): entry is [string, JsonSchema] => isSchema(entry[1]))
    : [];
}

/** The strings of a keyword that holds a list of them, such as `required`. */
export function stringList(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The text of an annotation, such as `description`. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The name of the shared schema that this one refers to. Throws on a reference to anything else. */
export function referenceOf(schema: JsonSchema): string | undefined {
  if (typeof schema === "boolean" || schema.$ref === undefined) return undefined;
  const reference = schema.$ref;
  if (typeof reference === "string" && reference.startsWith(REFERENCE)) return reference.slice(REFERENCE.length);
  throw new Error(
    `a schema reaches emitters with the reference ${JSON.stringify(reference)}, which is none to a shared schema`,
  );
}

/** A JSON pointer with the tokens behind it. */
export function childPointer(pointer: string, ...tokens: readonly (string | number)[]): string {
  return [pointer, ...tokens.map((token) => String(token).replaceAll("~", "~0").replaceAll("/", "~1"))].join("/");
}
