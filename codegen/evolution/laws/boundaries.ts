/** The values at the edges of a schema: where mappings break first. */
import fc from "fast-check";
import { isSchema, schemaEntries, schemaList, stringList } from "../../emit/json-schema.ts";
import type { Definitions, SchemaObject } from "../../emit/json-schema.ts";
import { literalsOf, typesIn, type JsonType } from "../../emit/types/json-types.ts";
import type { JsonSchema } from "../../model/model.ts";
import { arbitraryOf, lengthOf, merge, multiple, rangeOf } from "./arbitrary.ts";

/** Values of one schema. */
const MOST = 40;
/** Levels of a schema that contains itself. */
const DEPTH = 6;

/**
 * Payloads in which one value at a time is at an edge, the others at their first one: once with all properties, once
 * with the required ones only. Not all of them need be valid: what a schema says beyond its keywords' edges is for a
 * filter.
 */
export function boundariesOf(schema: JsonSchema, definitions: Definitions): readonly unknown[] {
  const typesOf = typesIn(definitions);
  const edges = (one: JsonSchema, depth: number): readonly unknown[] => {
    const merged = merge(one, definitions);
    if (typeof merged === "boolean") return merged ? [null, 0, "", [], {}] : [];
    const literals = literalsOf(merged);
    if (literals !== undefined) return literals;
    const branches = [...schemaList(merged.anyOf), ...schemaList(merged.oneOf)];
    if (branches.length > 0) {
      const { anyOf: _any, oneOf: _one, ...rest } = merged;
      return unique(branches.flatMap((branch) => edges({ allOf: [rest, branch] }, depth)));
    }
    return unique([...typesOf(merged)].flatMap((type) => ofType(type, merged, depth)));
  };
  const ofType = (type: JsonType, one: SchemaObject, depth: number): readonly unknown[] => {
    switch (type) {
      case "null":
        return [null];
      case "boolean":
        return [false, true];
      case "string":
        return strings(one, definitions);
      case "number":
        return numbers(one);
      case "array":
        return arrays(one, depth);
      case "object":
        return objects(one, depth);
    }
  };
  const arrays = (one: SchemaObject, depth: number): readonly unknown[] => {
    if (Array.isArray(one.items)) return [schemaList(one.items).map((item) => edges(item, depth + 1)[0])];
    const min = Number(one.minItems ?? 0);
    if (depth > DEPTH) return min === 0 ? [[]] : [];
    const items = edges(isSchema(one.items) ? one.items : true, depth + 1);
    const filled = (length: number, shift: number) =>
      Array.from({ length }, (_, index) => items[(index + shift) % Math.max(1, items.length)]);
    const lengths = [min, min + 1, min + 2].filter((length) => length <= Number(one.maxItems ?? Infinity));
    const singles = items
      .map((_item, shift) => filled(Math.max(1, min), shift))
      .filter(({ length }) => length <= Number(one.maxItems ?? Infinity));
    return [...lengths.map((length) => filled(length, 0)), ...singles];
  };
  const objects = (one: SchemaObject, depth: number): readonly unknown[] => {
    const required = new Set(stringList(one.required));
    const all = schemaEntries(one.properties).filter(([name]) => depth <= DEPTH || required.has(name));
    const valuesOf = new Map(all.map(([name, property]) => [name, edges(property, depth + 1)]));
    const present = all.map(([name]) => name).filter((name) => (valuesOf.get(name)?.length ?? 0) > 0);
    const base = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, valuesOf.get(name)?.[0]]));
    const [whole, bare] = [base(present), base(present.filter((name) => required.has(name)))];
    const varied = present.flatMap((name) =>
      (valuesOf.get(name) ?? []).flatMap((value) => [
        { ...whole, [name]: value },
        ...(depth === 0 ? [{ ...bare, [name]: value }] : []),
      ]),
    );
    return [whole, bare, ...varied];
  };
  const unique = (values: readonly unknown[]): readonly unknown[] =>
    [...new Map(values.map((value) => [JSON.stringify(value), value])).values()].slice(0, MOST);
  // At the root every edge of every property counts.
  const merged = merge(schema, definitions);
  return typeof merged === "object" && merged.properties !== undefined ? objects(merged, 0) : edges(schema, 0);
}

function numbers(schema: SchemaObject): readonly number[] {
  const types = [schema.type].flat();
  const isWhole = types.includes("integer") && !types.includes("number");
  const { min, max, step } = rangeOf(schema, isWhole);
  const near = step ?? 0.1;
  const edge = (value: number) => (step === undefined ? value : multiple(Math.round(value / step), step));
  const wanted = [min, max, edge(min + near), edge(max - near), 0, 1, -1, 0.1, 0.29, 1.15, 19.99, 1.005, 5e-324];
  const fits = (value: number) =>
    value >= min &&
    value <= max &&
    Number.isFinite(value) &&
    (step === undefined || Math.abs(edge(value) - value) === 0);
  return wanted.filter(fits);
}

function strings(schema: SchemaObject, definitions: Definitions): readonly string[] {
  if (typeof schema.pattern === "string" || typeof schema.format === "string") {
    return fc
      .sample(arbitraryOf(schema, definitions), { numRuns: 8, seed: 1 })
      .filter((value) => typeof value === "string");
  }
  const min = Number(schema.minLength ?? 0);
  const max = typeof schema.maxLength === "number" ? schema.maxLength : undefined;
  const texts = [
    "a",
    "",
    " ",
    "a b",
    " a",
    "a ",
    "é",
    "😀",
    "0",
    "-0",
    "null",
    "__proto__",
    "\n",
    "x".repeat(min),
    ...(max === undefined ? [] : ["x".repeat(Math.min(max, 1_000))]),
  ];
  return texts.filter((text) => lengthOf(text) >= min && (max === undefined || lengthOf(text) <= max));
}
