import { isArray, isObject } from "../json.ts";

/** How a keyword's value holds schemas: as one, in a list, by name, or not at all. */
export type Holding = "one" | "list" | "map" | "none";

const ONE = new Set([
  "additionalItems",
  "additionalProperties",
  "contains",
  "contentSchema",
  "else",
  "if",
  "items",
  "not",
  "propertyNames",
  "then",
  "unevaluatedItems",
  "unevaluatedProperties",
]);
const LIST = new Set(["allOf", "anyOf", "items", "oneOf", "prefixItems"]);
const MAP = new Set(["$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties"]);

export function holding(keyword: string, value: unknown): Holding {
  if (Array.isArray(value)) return LIST.has(keyword) ? "list" : "none";
  if (isObject(value) && MAP.has(keyword)) return "map";
  return ONE.has(keyword) && (isObject(value) || typeof value === "boolean") ? "one" : "none";
}

/** The schemas directly inside a schema. */
export function subschemas(schema: Readonly<Record<string, unknown>>): unknown[] {
  const inner: unknown[] = [];
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword];
    const held = holding(keyword, value);
    if (held === "one") inner.push(value);
    else if (held === "list" && isArray(value)) inner.push(...value);
    else if (held === "map" && isObject(value))
      inner.push(...Object.values(value).filter((item) => !Array.isArray(item)));
  }
  return inner;
}
