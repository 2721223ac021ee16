/** The keywords of a schema object of AsyncAPI: JSON Schema draft-07 and what AsyncAPI adds. */
import { isObject, type JsonObject } from "./json.ts";

/** What the value of a keyword must be. */
export type KeywordShape =
  | "any"
  | "text"
  | "flag"
  | "number"
  | "positive number"
  | "count"
  | "list"
  | "texts"
  | "types"
  | "regex"
  | "schema"
  | "schemas"
  | "schema or schemas"
  | "schemas by name"
  | "schemas by regex"
  | "dependencies"
  | "object";

/** Every keyword, by the shape of its value. */
export const KEYWORDS: ReadonlyMap<string, KeywordShape> = new Map<string, KeywordShape>([
  ["$comment", "text"],
  ["$id", "text"],
  ["$schema", "text"],
  ["$ref", "text"],
  ["title", "text"],
  ["description", "text"],
  ["default", "any"],
  ["deprecated", "flag"],
  ["readOnly", "flag"],
  ["writeOnly", "flag"],
  ["examples", "list"],
  ["externalDocs", "object"],
  ["discriminator", "text"],
  ["type", "types"],
  ["enum", "list"],
  ["const", "any"],
  ["multipleOf", "positive number"],
  ["maximum", "number"],
  ["exclusiveMaximum", "number"],
  ["minimum", "number"],
  ["exclusiveMinimum", "number"],
  ["maxLength", "count"],
  ["minLength", "count"],
  ["pattern", "regex"],
  ["format", "text"],
  ["contentEncoding", "text"],
  ["contentMediaType", "text"],
  ["items", "schema or schemas"],
  ["additionalItems", "schema"],
  ["maxItems", "count"],
  ["minItems", "count"],
  ["uniqueItems", "flag"],
  ["contains", "schema"],
  ["maxProperties", "count"],
  ["minProperties", "count"],
  ["required", "texts"],
  ["properties", "schemas by name"],
  ["patternProperties", "schemas by regex"],
  ["additionalProperties", "schema"],
  ["propertyNames", "schema"],
  ["dependencies", "dependencies"],
  ["if", "schema"],
  ["then", "schema"],
  ["else", "schema"],
  ["allOf", "schemas"],
  ["anyOf", "schemas"],
  ["oneOf", "schemas"],
  ["not", "schema"],
  ["definitions", "schemas by name"],
]);

export const TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"] as const;

/** The formats that validators check, or know to be annotations. */
export const FORMATS: ReadonlySet<string> = new Set(
  (
    "date time date-time iso-time iso-date-time duration uri uri-reference uri-template url email hostname ipv4 ipv6 regex uuid " +
    "json-pointer json-pointer-uri-fragment relative-json-pointer byte int32 int64 float double password binary"
  ).split(" "),
);

/** Where the values are that a subschema speaks of: the same value, a property, or one that only the data names. */
export type Step =
  | { readonly kind: "same" }
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "each" }
  | { readonly kind: "none" };

/** A schema directly inside another. */
export interface Subschema {
  readonly path: readonly (string | number)[];
  readonly schema: unknown;
  readonly step: Step;
}

/** The schemas directly inside a schema, `$ref`s not followed, in the order in which they are written. */
export function subschemas(schema: JsonObject): Subschema[] {
  return Object.entries(schema).flatMap(([keyword, value]): Subschema[] => {
    const shape = KEYWORDS.get(keyword);
    const step = stepOf(keyword);
    if (shape === "schema") return [{ path: [keyword], schema: value, step }];
    if (Array.isArray(value) && (shape === "schemas" || shape === "schema or schemas")) {
      const tuple = keyword === "items";
      return value.map((schema: unknown, index) => ({
        path: [keyword, index],
        schema,
        step: tuple ? { kind: "member", name: String(index) } : step,
      }));
    }
    if (shape === "schema or schemas") return [{ path: [keyword], schema: value, step }];
    if (!isObject(value)) return [];
    if (shape === "schemas by name" || shape === "schemas by regex" || shape === "dependencies") {
      return Object.entries(value)
        .filter(([, schema]) => shape !== "dependencies" || !Array.isArray(schema))
        .map(([name, schema]) => ({
          path: [keyword, name],
          schema,
          step: keyword === "properties" ? { kind: "member", name } : step,
        }));
    }
    return [];
  });
}

function stepOf(keyword: string): Step {
  switch (keyword) {
    case "items":
    case "additionalItems":
    case "contains":
    case "patternProperties":
    case "additionalProperties":
      return { kind: "each" };
    case "propertyNames":
    case "definitions":
      return { kind: "none" };
    default:
      return { kind: "same" };
  }
}
