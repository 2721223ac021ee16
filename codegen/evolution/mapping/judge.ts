/** What mappings ask of schemas: whether one takes all that another allows, and whether one takes a value. */
import { isObject, isSchema, schemaEntries, type Definitions } from "../../emit/json-schema.ts";
import type { JsonSchema } from "../../model/model.ts";
import { compareSchemas } from "../compare.ts";

/** A value that one schema allows and the other refuses. */
export interface Witness {
  readonly value: unknown;
}

export interface Judge {
  /** A value that `writer` allows and `reader` refuses; undefined when there is none, or none that can be found. */
  readonly witness: (writer: JsonSchema, reader: JsonSchema) => Witness | undefined;
  /** Whether it is proven that `reader` takes everything that `writer` allows. */
  readonly includes: (writer: JsonSchema, reader: JsonSchema) => boolean;
  /** Whether the schema takes a value, as far as can be decided. */
  readonly accepts: (schema: JsonSchema, value: unknown) => boolean;
}

/** How many steps a comparison may take: what it cannot decide, the laws try out. */
const STEPS = 5_000;

/** A judge of schemas that refer to these shared ones. */
export function createJudge(definitions: Definitions): Judge {
  const shared = Object.fromEntries([...definitions].map(([name, schema]) => [name, schema]));
  const closedShared = Object.fromEntries([...definitions].map(([name, schema]) => [name, closed(schema)]));
  const compare = (writer: JsonSchema, reader: JsonSchema) =>
    compareSchemas(
      { allOf: [closed(writer)], definitions: closedShared },
      { allOf: [reader], definitions: shared },
      { steps: STEPS },
    );
  const witness: Judge["witness"] = (writer, reader) => {
    const comparison = compare(writer, reader);
    return comparison.verdict === "breaking" ? { value: comparison.witness } : undefined;
  };
  return {
    witness,
    includes: (writer, reader) => compare(writer, reader).verdict === "compatible",
    accepts: (schema, value) => witness({ const: value }, schema) === undefined,
  };
}

/** A publisher writes the properties that its schema lists and no others, whatever the schema allows. */
function closed(schema: JsonSchema): JsonSchema {
  if (typeof schema === "boolean") return schema;
  const inner = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (keyword === "properties")
      return [keyword, Object.fromEntries(schemaEntries(value).map(([name, one]) => [name, closed(one)]))];
    if (keyword === "items" && isSchema(value)) return [keyword, closed(value)];
    if ((keyword === "anyOf" || keyword === "oneOf") && Array.isArray(value))
      return [keyword, value.map((one: unknown) => (isSchema(one) ? closed(one) : one))];
    return [keyword, value];
  });
  const isOpen =
    isObject(schema.properties) && schema.additionalProperties === undefined && schema.patternProperties === undefined;
  const isWhole = schema.allOf === undefined && schema.anyOf === undefined && schema.oneOf === undefined;
  return Object.fromEntries(isOpen && isWhole ? [...inner, ["additionalProperties", false]] : inner);
}
