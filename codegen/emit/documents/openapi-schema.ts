/** Schemas as OpenAPI 3.1 has them: JSON Schema 2020-12, where the model has draft-07. */
import { subschemas } from "../../spec/keywords.ts";
import { isObject, type SchemaObject } from "../json-schema.ts";

const REFERENCE = "#/components/schemas/";
const COMPONENT_NAME = /[^\w.-]/gu;

/** A name as `components` may have it: what no such name may hold is written as its number. */
export function componentName(name: string): string {
  return name.replaceAll(COMPONENT_NAME, (sign) => `_${(sign.codePointAt(0) ?? 0).toString(16)}`);
}

/** A copy of a schema of `components` in the newer dialect: the same values satisfy it. */
export function modernSchema(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  const inner = new Map(subschemas(schema).map(({ path, schema: found }) => [path.join("\n"), modernSchema(found)]));
  const members = Object.entries(schema).flatMap(([keyword, value]) => {
    // A schema of its own, a list of them, or schemas by name; everything else is data.
    const converted =
      inner.get(keyword) ??
      (Array.isArray(value)
        ? value.map((one: unknown, index) => inner.get(`${keyword}\n${index}`) ?? one)
        : isObject(value)
          ? mapValues(value, (one, name) => inner.get(`${keyword}\n${name}`) ?? one)
          : value);
    return rename(keyword, converted, schema);
  });
  return Object.fromEntries(members);
}

function rename(keyword: string, value: unknown, schema: SchemaObject): [string, unknown][] {
  switch (keyword) {
    case "items":
      return [[Array.isArray(value) ? "prefixItems" : "items", value]];
    case "additionalItems":
      // Beside one schema for every element it says nothing.
      return Array.isArray(schema.items) ? [["items", value]] : [];
    case "dependencies":
      return isObject(value) ? dependencies(value) : [];
    case "discriminator":
      return [[keyword, typeof value === "string" ? { propertyName: value } : value]];
    case "$ref":
      return [[keyword, typeof value === "string" ? referenceTo(value.slice(REFERENCE.length)) : value]];
    default:
      return [[keyword, value]];
  }
}

function dependencies(value: SchemaObject): [string, unknown][] {
  const names = Object.entries(value).filter(([, one]) => Array.isArray(one));
  const schemas = Object.entries(value).filter(([, one]) => !Array.isArray(one));
  return [
    ...(names.length > 0 ? [["dependentRequired", Object.fromEntries(names)] satisfies [string, unknown]] : []),
    ...(schemas.length > 0 ? [["dependentSchemas", Object.fromEntries(schemas)] satisfies [string, unknown]] : []),
  ];
}

function referenceTo(name: string): string {
  return `${REFERENCE}${componentName(name)}`;
}

function mapValues(object: SchemaObject, change: (value: unknown, name: string) => unknown): SchemaObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value, name)]));
}
