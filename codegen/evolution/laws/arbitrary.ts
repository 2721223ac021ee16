/** Random values that a schema accepts, for fast-check. */
import fc from "fast-check";
import { isObject, isSchema, referenceOf, schemaEntries, schemaList, stringList } from "../../emit/json-schema.ts";
import type { Definitions, SchemaObject } from "../../emit/json-schema.ts";
import { literalsOf, typesIn, type JsonType } from "../../emit/types/json-types.ts";
import type { JsonSchema } from "../../model/model.ts";

/** Elements of lists that say no maximum, and properties that are made up. */
const FEW = 4;

/** Levels of a schema that contains itself. */
const DEPTH = 4;

/** Values that the schema accepts, as far as its keywords can be built to; what else it says is for a filter. */
export function arbitraryOf(schema: JsonSchema, definitions: Definitions): fc.Arbitrary<unknown> {
  const typesOf = typesIn(definitions);
  const build = (one: JsonSchema, depth: number): fc.Arbitrary<unknown> => {
    const merged = merge(one, definitions);
    if (merged === true) return fc.jsonValue({ maxDepth: 1 });
    if (merged === false) return fc.constant(undefined);
    const literals = literalsOf(merged);
    if (literals !== undefined) return fc.constantFrom(...literals);
    const branches = [...schemaList(merged.anyOf), ...schemaList(merged.oneOf)];
    if (branches.length > 0) {
      const { anyOf: _any, oneOf: _one, ...rest } = merged;
      return fc.oneof(...branches.map((branch) => build({ allOf: [rest, branch] }, depth)));
    }
    const types = [...typesOf(merged)].filter((type) => merged.type !== undefined || type === impliedType(merged));
    const possible = types.length > 0 ? types : [...typesOf(merged)];
    return fc.oneof(...possible.map((type) => ofType(type, merged, depth)));
  };
  const ofType = (type: JsonType, one: SchemaObject, depth: number): fc.Arbitrary<unknown> => {
    switch (type) {
      case "null":
        return fc.constant(null);
      case "boolean":
        return fc.boolean();
      case "string":
        return stringOf(one);
      case "number":
        return [one.type].flat().includes("integer") && ![one.type].flat().includes("number")
          ? integerOf(one)
          : numberOf(one);
      case "array":
        return arrayOf(one, depth);
      case "object":
        return objectOf(one, depth);
    }
  };
  const arrayOf = (one: SchemaObject, depth: number): fc.Arbitrary<unknown> => {
    const minLength = Number(one.minItems ?? 0);
    if (Array.isArray(one.items)) return fc.tuple(...schemaList(one.items).map((item) => build(item, depth + 1)));
    const maxLength = Math.min(Number(one.maxItems ?? minLength + FEW), depth > DEPTH ? minLength : minLength + FEW);
    const item = build(isSchema(one.items) ? one.items : true, depth + 1);
    if (one.uniqueItems !== true) return fc.array(item, { minLength, maxLength });
    return fc.uniqueArray(item, { minLength, maxLength, selector: (value) => JSON.stringify(value) });
  };
  const objectOf = (one: SchemaObject, depth: number): fc.Arbitrary<unknown> => {
    const required = new Set(stringList(one.required));
    const properties = schemaEntries(one.properties).filter(([name]) => required.has(name) || depth <= DEPTH);
    const record = fc.record(
      Object.fromEntries(properties.map(([name, property]) => [name, build(property, depth + 1)])),
      {
        requiredKeys: properties.map(([name]) => name).filter((name) => required.has(name)),
      },
    );
    if (!isObject(one.additionalProperties)) return record;
    const more = fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }), build(one.additionalProperties, depth + 1), {
      maxKeys: FEW,
    });
    return fc.tuple(more, record).map(([others, known]) => ({ ...others, ...known }));
  };
  return build(schema, 0);
}

/** The schema with what it refers to and all that must hold beside it in one. */
export function merge(schema: JsonSchema, definitions: Definitions): JsonSchema {
  if (typeof schema === "boolean") return schema;
  const reference = referenceOf(schema);
  const { $ref: _ref, allOf, ...own } = schema;
  const parts = [
    ...(reference === undefined ? [] : [merge(definitions.get(reference) ?? true, definitions)]),
    ...schemaList(allOf).map((part) => merge(part, definitions)),
  ];
  let merged: SchemaObject = own;
  for (const part of parts) {
    if (part === false) return false;
    if (part !== true) merged = both(merged, part);
  }
  return merged;
}

function both(a: SchemaObject, b: SchemaObject): SchemaObject {
  const properties = new Map(schemaEntries(a.properties));
  for (const [name, property] of schemaEntries(b.properties)) {
    const first = properties.get(name);
    properties.set(name, first === undefined ? property : { allOf: [first, property] });
  }
  const required = [...new Set([...stringList(a.required), ...stringList(b.required)])];
  return {
    ...b,
    ...a,
    ...(properties.size > 0 && { properties: Object.fromEntries(properties) }),
    ...(required.length > 0 && { required }),
  };
}

function impliedType(schema: SchemaObject): JsonType | undefined {
  if (schema.properties !== undefined || schema.required !== undefined) return "object";
  if (schema.items !== undefined) return "array";
  if (schema.pattern !== undefined || schema.format !== undefined) return "string";
  return schema.minimum !== undefined || schema.multipleOf !== undefined ? "number" : undefined;
}

/** The smallest and the largest value, and the distance between neighbours where there is one. */
export function rangeOf(
  schema: SchemaObject,
  isWhole: boolean,
): { readonly min: number; readonly max: number; readonly step: number | undefined } {
  const limit = isWhole || schema.multipleOf !== undefined ? Number.MAX_SAFE_INTEGER : Number.MAX_VALUE;
  const step = typeof schema.multipleOf === "number" ? schema.multipleOf : isWhole ? 1 : undefined;
  const beyond = step ?? Number.EPSILON;
  const min = Math.max(
    typeof schema.minimum === "number" ? schema.minimum : -limit,
    typeof schema.exclusiveMinimum === "number" ? schema.exclusiveMinimum + beyond : -limit,
  );
  const max = Math.min(
    typeof schema.maximum === "number" ? schema.maximum : limit,
    typeof schema.exclusiveMaximum === "number" ? schema.exclusiveMaximum - beyond : limit,
  );
  return { min, max, step };
}

/** The multiple of a step, as it is written down: 0.3 and not 0.30000000000000004. */
export function multiple(count: number, step: number): number {
  const decimals = /\.(\d+)$/.exec(String(step))?.[1]?.length ?? 0;
  return decimals === 0 ? count * step : Number((count * step).toFixed(decimals));
}

function integerOf(schema: SchemaObject): fc.Arbitrary<number> {
  const { min, max, step = 1 } = rangeOf(schema, true);
  return fc.integer({ min: Math.ceil(min / step), max: Math.floor(max / step) }).map((count) => multiple(count, step));
}

function numberOf(schema: SchemaObject): fc.Arbitrary<number> {
  const { min, max, step } = rangeOf(schema, false);
  if (step === undefined) return fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
  const most = Number.MAX_SAFE_INTEGER;
  const counts = { min: Math.max(-most, Math.ceil(min / step)), max: Math.min(most, Math.floor(max / step)) };
  return fc.integer(counts).map((count) => multiple(count, step));
}

const formats: Readonly<Record<string, () => fc.Arbitrary<string>>> = {
  uuid: () => fc.uuid(),
  "date-time": () =>
    fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }).map((date) => date.toISOString()),
  date: () =>
    fc
      .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
  time: () =>
    fc
      .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(11)),
  email: () =>
    fc.tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), fc.domain()).map(([name, domain]) => `${name}@${domain}`),
  hostname: () => fc.domain(),
  ipv4: () => fc.ipV4(),
  ipv6: () => fc.ipV6(),
  uri: () => fc.webUrl(),
  url: () => fc.webUrl(),
  "uri-reference": () => fc.webPath(),
};

function stringOf(schema: SchemaObject): fc.Arbitrary<string> {
  const minLength = Number(schema.minLength ?? 0);
  const maxLength = Number(schema.maxLength ?? minLength + 20);
  const inLength = (text: string) =>
    lengthOf(text) >= minLength && lengthOf(text) <= Number(schema.maxLength ?? Infinity);
  if (typeof schema.pattern === "string") return fc.stringMatching(new RegExp(schema.pattern, "u")).filter(inLength);
  const format = typeof schema.format === "string" ? formats[schema.format]?.() : undefined;
  if (format !== undefined) return format.filter(inLength);
  return fc.oneof(
    fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 20) }),
    fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 20), unit: "grapheme" }).filter(inLength),
  );
}

/** The length that JSON Schema means: in code points. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}
