/**
 * From JSON Schema to Modelina's meta model, saying of every value what Ajv says of it as far as TypeScript can:
 * never narrower, and where it must be wider than the validator in the shape of the data, with a warning.
 */
import type { MetaModel } from "@asyncapi/modelina";
import type { JsonSchema, Pointer } from "../../model/model.ts";
import { childPointer, referenceOf, schemaList, textOf, type Definitions, type SchemaObject } from "../json-schema.ts";
import { branchOverlap } from "./branch-overlap.ts";
import {
  allTypes,
  anyType,
  bothTypes,
  jsonTypeOf,
  within,
  type JsonType,
  type JsonTypes,
  type TypesOf,
} from "./json-types.ts";
import type { MetaModels } from "./meta-models.ts";
import { annotate } from "./notes.ts";
import { possibleLiterals } from "./possible-literals.ts";
import { readArray } from "./read-array.ts";
import { isPlainObject, objectShapes, readObject } from "./read-object.ts";

/** What reading a schema needs besides the schema. */
export interface Reading {
  readonly models: MetaModels;
  readonly definitions: Definitions;
  readonly typesOf: TypesOf;
  readonly warn: (pointer: Pointer, message: string) => void;
  /** The shared schema whose type is being made, as long as no property or item lies in between. */
  readonly within?: string | undefined;
}

/** A part of a schema as a type, with the JSON types that the type itself lets through. */
interface Part {
  readonly model: MetaModel;
  readonly types: JsonTypes;
}

/** The meta model of the values that a schema accepts. */
export function readSchema(schema: JsonSchema, pointer: Pointer, reading: Reading): MetaModel {
  return readPart(schema, pointer, allTypes, reading).model;
}

/** Reads a schema of which only values of the allowed types matter, because something around it refuses the others. */
function readPart(schema: JsonSchema, pointer: Pointer, allowed: JsonTypes, reading: Reading): Part {
  const { models, typesOf } = reading;
  if (schema === true) return { model: models.unknown(), types: allTypes };
  if (schema === false) return { model: models.never(), types: new Set() };
  const types = bothTypes(typesOf(schema), allowed);
  const part = readLimits(schema, pointer, types, reading);
  const description = textOf(schema.description);
  if (description !== undefined) annotate(part.model, { description });
  if (schema.deprecated === true) annotate(part.model, { deprecated: true });
  return part;
}

function readLimits(schema: SchemaObject, pointer: Pointer, types: JsonTypes, reading: Reading): Part {
  const { models } = reading;
  const literals = possibleLiterals(schema, reading.definitions)?.filter((value) => types.has(jsonTypeOf(value)));
  if (literals !== undefined) return { model: models.literals(literals), types: new Set(literals.map(jsonTypeOf)) };
  warnOfInexpressible(schema, pointer, types, reading);
  const parts = readCombined(schema, pointer, types, reading).filter(({ model }) => !models.isUnknown(model));
  const own = readOwn(schema, pointer, types, parts, reading);
  const references = parts.filter(({ model }) => models.isReference(model));
  const all = [
    ...references,
    ...(own === undefined ? [] : [own]),
    ...parts.filter((part) => !references.includes(part)),
  ];
  return {
    model: models.intersection(all.map(({ model }) => model)),
    types: all.map((part) => part.types).reduce(bothTypes, allTypes),
  };
}

/** What the schema refers to or combines. */
function readCombined(schema: SchemaObject, pointer: Pointer, types: JsonTypes, reading: Reading): Part[] {
  const { models, definitions, typesOf } = reading;
  const parts: Part[] = [];
  const reference = referenceOf(schema);
  const circular = reading.within !== undefined && consistsOf({ $ref: schema.$ref }, reading.within, definitions);
  if (circular) {
    const message = `this reference makes ${reading.within} a part of itself, which no type can be`;
    reading.warn(childPointer(pointer, "$ref"), message);
  } else if (reference !== undefined) {
    parts.push({ model: models.reference(reference), types: typesOf(definitions.get(reference) ?? true) });
  }
  for (const [index, branch] of schemaList(schema.allOf).entries()) {
    if (!isPlainObject(branch)) parts.push(readPart(branch, childPointer(pointer, "allOf", index), types, reading));
  }
  if (schemaList(schema.oneOf).length > 1) warnOfOverlap(schema, pointer, types, reading);
  for (const keyword of ["anyOf", "oneOf"]) {
    if (!Array.isArray(schema[keyword])) continue;
    const branches = schemaList(schema[keyword]).map((branch, index) =>
      readPart(branch, childPointer(pointer, keyword, index), types, reading),
    );
    parts.push({
      model: models.union(branches.map(({ model }) => model)),
      types: anyType(branches.map((branch) => branch.types)),
    });
  }
  return parts;
}

/** What the schema says itself: its types, and the shape of its objects and arrays. */
function readOwn(
  schema: SchemaObject,
  pointer: Pointer,
  types: JsonTypes,
  parts: readonly Part[],
  reading: Reading,
): Part | undefined {
  const objects = objectShapes(schema, pointer);
  const shaped: JsonType[] = [];
  if (types.has("object") && objects.length > 0) shaped.push("object");
  if (types.has("array") && schema.items !== undefined) shaped.push("array");
  if (shaped.length === 0) {
    if (schema.type === undefined) return undefined;
    // `type: object` beside a reference to an object adds nothing to the reference.
    const others = parts.map((part) => part.types).reduce(bothTypes, allTypes);
    if (parts.length > 0 && within(others, types)) return undefined;
  }
  if (shaped.length > 0 && schema.type === undefined && types.size > shaped.length) {
    const kinds = shaped.join(" or an ");
    const message = `this schema describes an ${kinds} and has no \`type\`, so that every other value passes too`;
    reading.warn(pointer, `${message}: add \`type: ${shaped[0]}\``);
  }
  const { models } = reading;
  const read = (inner: JsonSchema, at: Pointer) => readSchema(inner, at, { ...reading, within: undefined });
  const alternatives = [...types].map((type) => {
    if (type === "object") return readObject(objects.length > 0 ? objects : [{ schema, pointer }], read, reading);
    return type === "array" ? readArray(schema, pointer, read, models) : models.simple(type);
  });
  return { model: models.union(alternatives), types };
}

/** Whether every value of the schema would have to be one of the shared schema, or might be, as it is. */
function consistsOf(schema: JsonSchema, name: string, definitions: Definitions, visited = new Set<string>()): boolean {
  if (typeof schema === "boolean") return false;
  const reference = referenceOf(schema);
  if (reference === name) return true;
  if (reference !== undefined && !visited.has(reference)) {
    visited.add(reference);
    if (consistsOf(definitions.get(reference) ?? true, name, definitions, visited)) return true;
  }
  const parts = [schema.allOf, schema.anyOf, schema.oneOf].flatMap(schemaList);
  return parts.some((part) => consistsOf(part, name, definitions, visited));
}

/** Characters of an example. */
const MOST_SHOWN = 80;

/** Keywords that no type says, with the type of the values that they are about and how they are called. */
const inexpressible: readonly (readonly [keyword: string, about: JsonType | undefined, name: string])[] = [
  ["not", undefined, "`not`"],
  ["if", undefined, "`if`, `then` and `else`"],
  ["dependencies", "object", "`dependencies`"],
  ["propertyNames", "object", "`propertyNames`"],
  ["contains", "array", "`contains`"],
];

function warnOfInexpressible(schema: SchemaObject, pointer: Pointer, types: JsonTypes, { warn }: Reading): void {
  for (const [keyword, about, name] of inexpressible) {
    if (!asserts(schema, keyword) || (about !== undefined && !types.has(about))) continue;
    warn(childPointer(pointer, keyword), `TypeScript has no type for ${name}: only the validator checks it`);
  }
}

/** Of values that fit two branches of `oneOf`, which only a validator refuses. */
function warnOfOverlap(schema: SchemaObject, pointer: Pointer, types: JsonTypes, { definitions, warn }: Reading): void {
  const overlap = branchOverlap(schema, types, definitions);
  if (overlap.is === "none") return;
  const example = overlap.is === "value" ? JSON.stringify(overlap.witness) : "";
  const values = example !== "" && example.length <= MOST_SHOWN ? `such as ${example}` : "if there is one";
  const message = `a value that fits two branches, ${values}, has the type, and only the validator refuses it`;
  warn(
    childPointer(pointer, "oneOf"),
    `${message}: require a property with another \`const\` in each, or write \`anyOf\``,
  );
}

/** Whether a keyword that is about a schema refuses anything, as far as its outside shows. */
function asserts(schema: SchemaObject, keyword: string): boolean {
  if (keyword === "if") return schema.if !== undefined && (schema.then !== undefined || schema.else !== undefined);
  if (keyword === "propertyNames" && schema[keyword] === true) return false;
  return schema[keyword] !== undefined;
}
