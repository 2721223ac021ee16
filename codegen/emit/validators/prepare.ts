/** Schemas as Ajv is given them: what asserts something, and nothing that Ajv would stumble over or misread. */
import type { JsonSchema, Pointer } from "../../model/model.ts";
import {
  childPointer,
  isObject,
  isSchema,
  referenceOf,
  schemaEntries,
  schemaList,
  stringList,
  type SchemaObject,
} from "../json-schema.ts";
import { checkedFormats } from "./formats.ts";

/** How a schema is prepared. */
export interface Preparation {
  /** The `$ref` by which Ajv knows a shared schema. */
  readonly referTo: (name: string) => string;
  readonly warn: (pointer: Pointer, message: string) => void;
}

const single = ["not", "if", "then", "else", "contains", "propertyNames", "additionalItems", "additionalProperties"];
const lists = ["allOf", "anyOf", "oneOf"];
const plain = [
  ...["type", "const", "required", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum"],
  ...["maxLength", "minLength", "maxItems", "minItems", "uniqueItems", "maxProperties", "minProperties"],
];

/** A schema with the same verdicts, of assertions only. Unknown keywords and formats assert nothing. */
export function prepareSchema(schema: JsonSchema, pointer: Pointer, preparation: Preparation): JsonSchema {
  if (typeof schema === "boolean") return schema;
  // Ajv refuses to compile a list of nothing, which accepts nothing.
  if (Array.isArray(schema.enum) && schema.enum.length === 0) return false;
  const prepare = (inner: JsonSchema, ...tokens: readonly (string | number)[]) =>
    prepareSchema(inner, childPointer(pointer, ...tokens), preparation);
  const prepareEntries = (keyword: string) =>
    schemaEntries(schema[keyword]).map(([name, inner]) => [name, prepare(inner, keyword, name)] as const);
  const kept: [string, unknown][] = plain.flatMap((keyword) =>
    schema[keyword] === undefined ? [] : [[keyword, schema[keyword]]],
  );
  const keep = (keyword: string, value: unknown) => void kept.push([keyword, value]);

  const reference = referenceOf(schema);
  if (reference !== undefined) keep("$ref", preparation.referTo(reference));
  for (const keyword of single) {
    const inner = schema[keyword];
    if (isSchema(inner)) keep(keyword, prepare(inner, keyword));
  }
  for (const keyword of lists) {
    if (Array.isArray(schema[keyword]))
      keep(
        keyword,
        schemaList(schema[keyword]).map((inner, index) => prepare(inner, keyword, index)),
      );
  }
  if (Array.isArray(schema.items))
    keep(
      "items",
      schemaList(schema.items).map((inner, index) => prepare(inner, "items", index)),
    );
  else if (isSchema(schema.items)) keep("items", prepare(schema.items, "items"));

  if (typeof schema.format === "string" && checkedFormats.has(schema.format)) keep("format", schema.format);
  if (schema.nullable === true && schema.type !== undefined) keep("nullable", true);
  if (typeof schema.pattern === "string" && isPattern(schema.pattern, childPointer(pointer, "pattern"), preparation)) {
    keep("pattern", schema.pattern);
  }
  if (Array.isArray(schema.enum)) keep("enum", schema.enum);
  keepProperties(prepareEntries("properties"), prepareEntries("patternProperties"), keep, (pattern) =>
    isPattern(pattern, childPointer(pointer, "patternProperties", pattern), preparation),
  );
  if (isObject(schema.dependencies)) {
    const dependencies = Object.entries(schema.dependencies).map(([name, dependency]) => [
      name,
      isSchema(dependency) ? prepare(dependency, "dependencies", name) : dependentNames(stringList(dependency)),
    ]);
    keep("dependencies", Object.fromEntries(dependencies));
  }
  // Inside the elements of an array Ajv takes what it has found in one array for found in an empty one after it.
  if (isSchema(schema.contains)) keep("minItems", Math.max(1, countOf(schema.minItems)));
  return Array.isArray(schema.items) ? afterTuple(Object.fromEntries(kept)) : Object.fromEntries(kept);
}

function countOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** Ajv asks the rest about no array that ends before the elements of a tuple, unless it stands in a schema of its own. */
function afterTuple({ contains, uniqueItems, ...schema }: SchemaObject): SchemaObject {
  const rest = { ...(contains !== undefined && { contains }), ...(uniqueItems !== undefined && { uniqueItems }) };
  return Object.keys(rest).length === 0 ? schema : { ...schema, allOf: [...schemaList(schema.allOf), rest] };
}

/** As `required` says it, where one of the names is empty: under `dependencies` Ajv would not miss it. */
function dependentNames(names: readonly string[]): readonly string[] | JsonSchema {
  return names.includes("") ? { required: names } : names;
}

type Entries = readonly (readonly [string, JsonSchema])[];

function keepProperties(
  properties: Entries,
  patternProperties: Entries,
  keep: (keyword: string, value: unknown) => void,
  isPattern: (pattern: string) => boolean,
): void {
  // Ajv skips a property of this name, but not a pattern that only it matches.
  const patterns = properties
    .filter(([name]) => name === "__proto__")
    .map(([, schema]) => ["^__proto__$", schema] as const);
  const named = properties.filter(([name]) => name !== "__proto__");
  const matched = [...patterns, ...patternProperties.filter(([pattern]) => isPattern(pattern))];
  if (named.length > 0) keep("properties", Object.fromEntries(named));
  if (matched.length > 0) keep("patternProperties", Object.fromEntries(matched));
}

function isPattern(pattern: string, pointer: Pointer, { warn }: Preparation): boolean {
  try {
    compilePattern(pattern, "u");
    return true;
  } catch {
    warn(pointer, `${JSON.stringify(pattern)} is no regular expression, so that nothing is checked against it`);
    return false;
  }
}

/** A pattern as the standard reads it, with Unicode; one that is only valid without is read so. */
export function compilePattern(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return new RegExp(pattern);
  }
}

/** Whether anything in the schema has the name of a property that every object inherits, such as `constructor`. */
export function namesInherited(value: unknown): boolean {
  if (typeof value === "string") return value in Object.prototype;
  if (Array.isArray(value)) return value.some(namesInherited);
  return (
    isObject(value) &&
    Object.entries(value).some(([name, member]) => name in Object.prototype || namesInherited(member))
  );
}
