/** Objects of a JSON Schema: properties, and the index signature for names that are not declared. */
import type { MetaModel } from "@asyncapi/modelina";
import type { JsonSchema, Pointer } from "../../model/model.ts";
import {
  childPointer,
  isObject,
  isSchema,
  schemaEntries,
  schemaList,
  stringList,
  type SchemaObject,
} from "../json-schema.ts";
import { literalsOf, within } from "./json-types.ts";
import type { Property } from "./meta-models.ts";
import type { Reading } from "./read-schema.ts";

/** A schema that describes an object, and where it stands. */
export interface ObjectShape {
  readonly schema: SchemaObject;
  readonly pointer: Pointer;
}

const shapeKeywords = ["properties", "required", "patternProperties", "additionalProperties"];
const otherKeywords = [
  ...["$ref", "allOf", "anyOf", "oneOf", "not", "if", "dependencies", "propertyNames"],
  ...["enum", "const", "items", "additionalItems"],
];

/** Whether a member of `allOf` only adds properties, so that it reads best as part of the object that holds the `allOf`. */
export function isPlainObject(schema: JsonSchema): schema is SchemaObject {
  if (typeof schema === "boolean" || (schema.type !== undefined && schema.type !== "object")) return false;
  const open = schema.patternProperties === undefined && schema.additionalProperties === undefined;
  return open && describesObject(schema) && otherKeywords.every((keyword) => schema[keyword] === undefined);
}

/** The schema itself, if it describes an object, and the members of its `allOf` that only add to it. */
export function objectShapes(schema: SchemaObject, pointer: Pointer): readonly ObjectShape[] {
  const added = schemaList(schema.allOf).flatMap((branch, index) =>
    isPlainObject(branch) ? [{ schema: branch, pointer: childPointer(pointer, "allOf", index) }] : [],
  );
  return describesObject(schema) ? [{ schema, pointer }, ...added] : added;
}

/** One of the schemas that a property has. */
interface Declared {
  readonly schema: JsonSchema;
  readonly pointer: Pointer;
}

/** The meta model of the objects that all these schemas accept. Only the first may say something of undeclared names. */
export function readObject(
  shapes: readonly ObjectShape[],
  read: (schema: JsonSchema, pointer: Pointer) => MetaModel,
  reading: Reading,
): MetaModel {
  const { models, warn } = reading;
  const required = new Set(shapes.flatMap(({ schema }) => stringList(schema.required)));
  const declared = Map.groupBy(
    shapes.flatMap(({ schema, pointer }) =>
      schemaEntries(schema.properties).map(([name, property]) => ({
        name,
        schema: property,
        pointer: childPointer(pointer, "properties", name),
        model: read(property, childPointer(pointer, "properties", name)),
      })),
    ),
    ({ name }) => name,
  );
  const undeclared = readUndeclared(shapes, read, reading);
  const warnOfInherited = (pointer: Pointer) => {
    const message = "TypeScript takes what every object inherits under this name for the property";
    warn(pointer, `${message}: only the validator checks it`);
  };
  const properties: Property[] = [...declared].map(([name, several]) => {
    const model = models.intersection(several.map((one) => one.model));
    if (!isInherited(name) || (required.has(name) && !models.isUnknown(model))) {
      return { name, required: required.has(name), model };
    }
    warnOfInherited(several[0]?.pointer ?? "");
    return { name, required: required.has(name), model: models.unknown() };
  });
  for (const { schema, pointer } of shapes) {
    for (const [index, name] of stringList(schema.required).entries()) {
      if (declared.has(name) || properties.some((property) => property.name === name)) continue;
      properties.push({ name, required: true, model: undeclared.required });
      if (isInherited(name) && models.isUnknown(undeclared.required)) {
        warnOfInherited(childPointer(pointer, "required", index));
      }
    }
  }
  if (properties.length === 0) return models.dictionary(undeclared.index ?? models.unknown());
  if (undeclared.index === undefined) warnOfLists(properties, declared, shapes[0]?.pointer ?? "", reading);
  const [first] = shapes;
  const additional = first?.schema.additionalProperties;
  if (undeclared.index !== undefined && shapes.some((shape) => widensIndex(shape, additional, reading))) {
    const message = "TypeScript lets undeclared names have any type of the declared ones";
    warn(first?.pointer ?? "", `${message}: only the validator tells them apart`);
  }
  return models.object(properties, undeclared.index);
}

/** Warns of objects that are required to have nothing but what arrays or texts have as well, such as a `length`. */
function warnOfLists(
  properties: readonly Property[],
  declared: ReadonlyMap<string, readonly Declared[]>,
  around: Pointer,
  { models, typesOf, warn }: Reading,
): void {
  const isOfLists = ({ name, model }: Property): boolean => {
    if (/^(0|[1-9]\d*)$/.test(name)) return true;
    if (name === "length") return (declared.get(name) ?? []).every(({ schema }) => typesOf(schema).has("number"));
    return (name in Array.prototype || name in String.prototype) && models.isUnknown(model);
  };
  const shared = properties.find((property) => isOfLists(property) && !isInherited(property.name));
  if (shared === undefined || properties.some((property) => property.required && !isOfLists(property))) return;
  const message = `TypeScript takes arrays and texts that have "${shared.name}" for such objects`;
  warn(declared.get(shared.name)?.[0]?.pointer ?? around, `${message}: only the validator tells them apart`);
}

/** Whether every object has a property of this name for TypeScript. */
function isInherited(name: string): boolean {
  return name in Object.prototype && name !== "__proto__";
}

/** What the names that `properties` does not declare may hold. */
function readUndeclared(
  [shape]: readonly ObjectShape[],
  read: (schema: JsonSchema, pointer: Pointer) => MetaModel,
  { models, warn }: Reading,
): { index: MetaModel | undefined; required: MetaModel } {
  const { schema, pointer } = shape ?? { schema: {}, pointer: "" };
  const additional = isSchema(schema.additionalProperties) ? schema.additionalProperties : true;
  const other = read(additional, childPointer(pointer, "additionalProperties"));
  const patterns = schemaEntries(schema.patternProperties).map(([pattern, value]) =>
    read(value, childPointer(pointer, "patternProperties", pattern)),
  );
  if (patterns.length === 0) {
    const declares = schemaEntries(schema.properties).length > 0 || stringList(schema.required).length > 0;
    const undeclared = models.isUnknown(other) || (additional === false && declares);
    return { index: undeclared ? undefined : other, required: other };
  }
  if (models.isUnknown(other)) {
    const message = "TypeScript has no type for names that match a pattern: only the validator checks them";
    warn(childPointer(pointer, "patternProperties"), message);
    return { index: undefined, required: models.unknown() };
  }
  const names = Object.keys(isObject(schema.patternProperties) ? schema.patternProperties : {});
  if (schemaEntries(schema.properties).length === 0 && !(names.length === 1 && names.every(matchesAll))) {
    const message = "TypeScript does not tell names apart that match a pattern: only the validator does";
    warn(childPointer(pointer, "patternProperties"), message);
  }
  const values = models.union(additional === false ? patterns : [...patterns, other]);
  return { index: values, required: values };
}

/** Whether every name matches a pattern, as the usual ones show. */
function matchesAll(pattern: string): boolean {
  return ["", ".*", "^.*$"].includes(pattern);
}

/** Whether a declared property has values that an undeclared one may not have, which an index signature cannot say. */
function widensIndex({ schema }: ObjectShape, additional: unknown, { typesOf }: Reading): boolean {
  if (!isObject(additional) || schema.patternProperties !== undefined) return true;
  const types = typesOf(additional);
  if (literalsOf(additional) !== undefined) return true;
  if (types.has("object") || types.has("array")) return true;
  return schemaEntries(schema.properties).some(([, property]) => !within(typesOf(property), types));
}

function describesObject(schema: SchemaObject): boolean {
  return shapeKeywords.some((keyword) => {
    const value = schema[keyword];
    // An empty list of names or `additionalProperties: true` says nothing.
    return value !== undefined && value !== true && !(Array.isArray(value) && value.length === 0);
  });
}
