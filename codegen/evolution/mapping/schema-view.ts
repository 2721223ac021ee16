/** How mappings read schemas: what properties a value has, whether it may be null, which values it lists. */
import { compareText } from "../../diagnostic.ts";
import { isObject, isSchema, referenceOf, schemaEntries, schemaList, stringList } from "../../emit/json-schema.ts";
import type { Definitions } from "../../emit/json-schema.ts";
import { literalsOf, typesIn, type JsonTypes, type TypesOf } from "../../emit/types/json-types.ts";
import type { JsonSchema } from "../../model/model.ts";

/** One property of an object. */
export interface PropertyView {
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** An object as far as its properties go. */
export interface ObjectView {
  readonly properties: ReadonlyMap<string, PropertyView>;
  /** Whether names that are not listed carry data of a declared kind, as in a dictionary. */
  readonly isDictionary: boolean;
}

/** What is known of the schemas of one model. */
const types = new WeakMap<Definitions, TypesOf>();

/** The JSON types of the values that a schema accepts. */
export function typesOf(schema: JsonSchema, definitions: Definitions): JsonTypes {
  const known = types.get(definitions) ?? typesIn(definitions);
  types.set(definitions, known);
  return known(schema);
}

export function admitsNull(schema: JsonSchema, definitions: Definitions): boolean {
  return typesOf(schema, definitions).has("null");
}

/** The properties of an object, through `$ref` and `allOf`; undefined for a schema whose properties depend on the value. */
export function viewObject(schema: JsonSchema, definitions: Definitions): ObjectView | undefined {
  const parts = conjuncts(withoutNull(schema, definitions), definitions);
  if (parts.some((part) => part.anyOf !== undefined || part.oneOf !== undefined)) return undefined;
  const types = typesOf(withoutNull(schema, definitions), definitions);
  if (types.size !== 1 || !types.has("object")) return undefined;
  const declared = Map.groupBy(
    parts.flatMap((part) => schemaEntries(part.properties)),
    ([name]) => name,
  );
  const required = new Set(parts.flatMap((part) => stringList(part.required)));
  return {
    properties: new Map(
      [...declared].map(([name, entries]) => {
        const schemas = entries.map(([, property]) => property);
        const [only = true] = schemas;
        return [name, { schema: schemas.length === 1 ? only : { allOf: schemas }, required: required.has(name) }];
      }),
    ),
    isDictionary: parts.some((part) => isObject(part.additionalProperties) || isObject(part.patternProperties)),
  };
}

/** The schema of a list's elements; undefined for anything but a list whose elements are all alike. */
export function viewElement(schema: JsonSchema, definitions: Definitions): JsonSchema | undefined {
  const present = withoutNull(schema, definitions);
  const types = typesOf(present, definitions);
  if (types.size !== 1 || !types.has("array")) return undefined;
  const items = conjuncts(present, definitions).flatMap((part) => (isSchema(part.items) ? [part.items] : []));
  return items.length === 1 ? items[0] : undefined;
}

/** The schema of the value at a path, `*` for every element; undefined when it is not declared. */
export function schemaAt(
  schema: JsonSchema,
  path: readonly string[],
  definitions: Definitions,
): JsonSchema | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return schema;
  const next =
    name === "*" ? viewElement(schema, definitions) : viewObject(schema, definitions)?.properties.get(name)?.schema;
  return next === undefined ? undefined : schemaAt(next, rest, definitions);
}

/** The only values that a schema accepts, null aside; undefined when it does not list them. */
export function viewLiterals(schema: JsonSchema, definitions: Definitions): readonly unknown[] | undefined {
  for (const part of conjuncts(schema, definitions)) {
    const literals = literalsOf(part);
    if (literals !== undefined) return literals.filter((value) => value !== null);
  }
  const types = typesOf(withoutNull(schema, definitions), definitions);
  return types.size === 1 && types.has("boolean") ? [false, true] : undefined;
}

/** The schema of the values that are not null. */
export function withoutNull(schema: JsonSchema, definitions: Definitions): JsonSchema {
  if (typeof schema === "boolean" || !admitsNull(schema, definitions)) return schema;
  const reference = referenceOf(schema);
  if (reference !== undefined) return withoutNull(definitions.get(reference) ?? true, definitions);
  const { nullable, ...rest } = schema;
  for (const keyword of ["anyOf", "oneOf"]) {
    if (!Array.isArray(rest[keyword])) continue;
    const branches = schemaList(rest[keyword])
      .filter((branch) => [...typesOf(branch, definitions)].some((type) => type !== "null"))
      .map((branch) => withoutNull(branch, definitions));
    const [only] = branches;
    if (branches.length !== 1 || only === undefined) return { ...rest, [keyword]: branches };
    const { [keyword]: _branches, ...around } = rest;
    return Object.keys(around).every(isAnnotation) ? only : { ...around, allOf: [only, ...schemaList(around.allOf)] };
  }
  const types = Array.isArray(rest.type) ? rest.type.filter((type) => type !== "null") : rest.type;
  return {
    ...rest,
    ...(types !== undefined && { type: Array.isArray(types) && types.length === 1 ? types[0] : types }),
    ...(Array.isArray(rest.enum) && { enum: rest.enum.filter((value) => value !== null) }),
  };
}

/** The schema without what says nothing about values, so that two of the same meaning are the same text. */
export function assertionsOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(assertionsOf);
  if (!isObject(schema)) return schema;
  const names = Object.keys(schema).filter((name) => !isAnnotation(name));
  return Object.fromEntries(
    names.toSorted(compareText).map((name) => {
      const value = schema[name];
      if (["const", "enum"].includes(name)) return [name, value];
      if (["properties", "patternProperties"].includes(name) && isObject(value)) {
        return [
          name,
          Object.fromEntries(
            Object.keys(value)
              .toSorted(compareText)
              .map((key) => [key, assertionsOf(value[key])]),
          ),
        ];
      }
      return [
        name,
        name === "required" && Array.isArray(value)
          ? value.toSorted((a, b) => compareText(String(a), String(b)))
          : assertionsOf(value),
      ];
    }),
  );
}

/** The schema and all that must hold beside it. */
function conjuncts(
  schema: JsonSchema,
  definitions: Definitions,
  open: readonly JsonSchema[] = [],
): Exclude<JsonSchema, boolean>[] {
  if (typeof schema === "boolean" || open.includes(schema)) return [];
  const follow = (inner: JsonSchema) => conjuncts(inner, definitions, [...open, schema]);
  const reference = referenceOf(schema);
  return [
    schema,
    ...(reference === undefined ? [] : follow(definitions.get(reference) ?? true)),
    ...schemaList(schema.allOf).flatMap(follow),
  ];
}

const annotations = new Set(["title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"]);

function isAnnotation(keyword: string): boolean {
  return annotations.has(keyword);
}
