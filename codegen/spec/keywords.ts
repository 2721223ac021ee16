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
  const found: Subschema[] = [];
  // Documents are walked again and again: nothing is made here that is not handed out.
  for (const keyword in schema) {
    const shape = Object.hasOwn(schema, keyword) ? SCHEMA_SHAPES.get(keyword) : undefined;
    if (shape !== undefined) addSubschemas(found, keyword, shape, schema[keyword]);
  }
  return found;
}

/** The keywords that hold schemas. */
const SCHEMA_SHAPES = new Map(
  [...KEYWORDS].filter(([, shape]) => shape.includes("schema") || shape === "dependencies"),
);

function addSubschemas(found: Subschema[], keyword: string, shape: KeywordShape, value: unknown): void {
  const step = stepOf(keyword);
  if (shape === "schema" || (shape === "schema or schemas" && !Array.isArray(value))) {
    found.push({ path: [keyword], schema: value, step });
  } else if (Array.isArray(value) && (shape === "schemas" || shape === "schema or schemas")) {
    const isTuple = keyword === "items";
    for (const [index, schema] of value.entries()) {
      const place: Step = isTuple ? { kind: "member", name: String(index) } : step;
      found.push({ path: [keyword, index], schema, step: place });
    }
  } else if (shape !== "schemas" && isObject(value)) {
    for (const [name, schema] of Object.entries(value)) {
      if (shape === "dependencies" && Array.isArray(schema)) continue;
      found.push({ path: [keyword, name], schema, step: keyword === "properties" ? { kind: "member", name } : step });
    }
  }
}

const SAME: Step = { kind: "same" };
const EACH: Step = { kind: "each" };
const NONE: Step = { kind: "none" };

function stepOf(keyword: string): Step {
  switch (keyword) {
    case "items":
    case "additionalItems":
    case "contains":
    case "patternProperties":
    case "additionalProperties":
      return EACH;
    case "propertyNames":
    case "definitions":
      return NONE;
    default:
      return SAME;
  }
}
