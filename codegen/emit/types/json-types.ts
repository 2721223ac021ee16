/** Which of JSON's six types a schema lets through. */
import { keyOf } from "../../evolution/inclusion/json.ts";
import type { JsonSchema } from "../../model/model.ts";
import { isObject, referenceOf, schemaList, type Definitions, type SchemaObject } from "../json-schema.ts";

export type JsonType = "object" | "array" | "string" | "number" | "boolean" | "null";

export type JsonTypes = ReadonlySet<JsonType>;

/** In the order in which a union names them. */
export const allTypes: JsonTypes = new Set<JsonType>(["object", "array", "string", "number", "boolean", "null"]);

/** The type that a JSON value has. */
export function jsonTypeOf(value: unknown): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (isObject(value)) return "object";
  if (typeof value === "boolean") return "boolean";
  return typeof value === "number" ? "number" : "string";
}

/** The types in both. */
export function bothTypes(a: JsonTypes, b: JsonTypes): JsonTypes {
  return new Set([...allTypes].filter((type) => a.has(type) && b.has(type)));
}

/** Whether every type of the first is in the second. */
export function within(a: JsonTypes, b: JsonTypes): boolean {
  return [...a].every((type) => b.has(type));
}

/** The types in any of them. */
export function anyType(sets: readonly JsonTypes[]): JsonTypes {
  return new Set([...allTypes].filter((type) => sets.some((set) => set.has(type))));
}

/** The values that `const` or `enum` limits a schema to; undefined when neither does. */
export function literalsOf(schema: SchemaObject): readonly unknown[] | undefined {
  const listed: readonly unknown[] | undefined = Array.isArray(schema.enum) ? schema.enum : undefined;
  if (schema.const === undefined) return listed;
  return listed?.every((value) => keyOf(value) !== keyOf(schema.const)) === true ? [] : [schema.const];
}

/** Tells the JSON types of the values that a schema accepts: at most a few too many, never one too few. */
export type TypesOf = (schema: JsonSchema) => JsonTypes;

/** A {@link TypesOf} that follows references to these shared schemas, and remembers what it found. */
export function typesIn(definitions: Definitions): TypesOf {
  const known = new Map<JsonSchema, JsonTypes>();
  const typesOf = (schema: JsonSchema): JsonTypes => {
    if (typeof schema === "boolean") return schema ? allTypes : new Set();
    const found = known.get(schema);
    if (found !== undefined) return found;
    // What a schema says of itself by way of others takes nothing away.
    known.set(schema, allTypes);
    const reference = referenceOf(schema);
    const limits = [declaredTypes(schema), ...schemaList(schema.allOf).map(typesOf)];
    if (reference !== undefined) limits.push(typesOf(definitions.get(reference) ?? true));
    for (const alternatives of [schema.anyOf, schema.oneOf]) {
      if (Array.isArray(alternatives)) limits.push(anyType(schemaList(alternatives).map(typesOf)));
    }
    const types = limits.reduce(bothTypes);
    known.set(schema, types);
    return types;
  };
  return typesOf;
}

/** What `type` says, `nullable` beside it as Ajv reads it, and the literals. */
function declaredTypes(schema: SchemaObject): JsonTypes {
  const names = [schema.type].flat().map((name) => (name === "integer" ? "number" : name));
  const named = new Set(
    [...allTypes].filter((type) => names.includes(type) || (type === "null" && schema.nullable === true)),
  );
  const types = schema.type === undefined ? allTypes : named;
  const literals = literalsOf(schema);
  return literals === undefined ? types : bothTypes(types, new Set(literals.map(jsonTypeOf)));
}
