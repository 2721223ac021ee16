/** What the values of schema keywords must look like. */
import { isObject } from "./json.ts";
import type { KeywordShape } from "./keywords.ts";

/** The shapes in words: `maxLength must be ...`. */
export const WANTED: Readonly<Record<KeywordShape, string>> = {
  any: "a value of JSON, which knows no infinity and no NaN",
  text: "a text",
  flag: "true or false",
  number: "a number",
  "positive number": "a number above 0",
  count: "a whole number, 0 or more",
  list: "a list of values of JSON, which knows no infinity and no NaN",
  texts: "a list of different texts",
  types: "a type or a list of types",
  regex: "a regular expression",
  schema: "a schema: a mapping, true or false",
  schemas: "a list of schemas, one or more",
  "schema or schemas": "a schema or a list of schemas",
  "schemas by name": "a mapping of names to schemas",
  "schemas by regex": "a mapping of regular expressions to schemas",
  dependencies: "a mapping of names to schemas or lists of names",
  object: "a mapping",
};

/** Whether a value has the shape. */
export function hasShape(shape: KeywordShape, value: unknown): boolean {
  switch (shape) {
    case "any":
      return isJson(value);
    case "types":
      return true;
    case "text":
    case "regex":
      return typeof value === "string";
    case "flag":
      return typeof value === "boolean";
    case "number":
      return Number.isFinite(value);
    case "positive number":
      return typeof value === "number" && Number.isFinite(value) && value > 0;
    case "count":
      return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
    case "list":
      return Array.isArray(value) && isJson(value);
    case "texts":
      return isTexts(value);
    case "schema":
      return isSchema(value);
    case "schemas":
      return Array.isArray(value) && value.length > 0 && value.every(isSchema);
    case "schema or schemas":
      return isSchema(value) || (Array.isArray(value) && value.length > 0 && value.every(isSchema));
    case "schemas by name":
    case "schemas by regex":
      return isObject(value) && Object.values(value).every(isSchema);
    case "dependencies":
      return isObject(value) && Object.values(value).every((member) => isSchema(member) || isTexts(member));
    case "object":
      return isObject(value);
  }
}

/** YAML has numbers that JSON cannot write, and JSON numbers that are too large for one. */
function isJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value !== "object" || value === null || Object.values(value).every(isJson);
}

function isSchema(value: unknown): boolean {
  return typeof value === "boolean" || isObject(value);
}

function isTexts(value: unknown): boolean {
  return (
    Array.isArray(value) && value.every((item) => typeof item === "string") && new Set(value).size === value.length
  );
}
