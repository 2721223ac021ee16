/** Ajv by itself as the judge of validators, and what of a schema a type must say. */
import { Ajv } from "ajv";
import { default as addFormats } from "ajv-formats";
import type { JsonSchema } from "../../../model/model.ts";
import { isObject, isSchema, schemaList, type SchemaObject } from "../../json-schema.ts";
import { readDecimals } from "../../validators/multiple-of.ts";
import type { Schemas } from "./contract.ts";

/** What a schema says of a value; undefined where Ajv breaks off. */
export type Reference = (value: unknown) => boolean | undefined;

/** What one fresh Ajv says of each payload, by its index. */
export function referencesFor({ named, payloads }: Schemas): (index: number) => Reference {
  const ajv = readDecimals(
    new Ajv({ strict: false, allErrors: true, ownProperties: true, logger: false, validateSchema: false }),
  );
  addFormats.default(ajv);
  ajv.addSchema({ $id: "contract", components: { schemas: map(named, draft7) }, payloads: payloads.map(draft7) });
  return (index) => {
    const validate = ajv.compile({ $ref: `contract#/payloads/${index}` });
    return (value) => {
      try {
        return validate(value);
      } catch {
        // Ajv asks a value for its `toString`, which may be a property of it.
        return undefined;
      }
    };
  };
}

/** The schemas without what only validators check ({@link core}). */
export function coresOf({ named, payloads }: Schemas): Schemas {
  return { named: map(named, core), payloads: payloads.map(core) };
}

/** The schemas with `anyOf` in place of `oneOf`: what they accept besides fits several branches. */
export function unionsOf({ named, payloads }: Schemas): Schemas {
  return { named: map(named, union), payloads: payloads.map(union) };
}

function map(
  schemas: Readonly<Record<string, JsonSchema>>,
  change: (schema: JsonSchema) => JsonSchema,
): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, change(schema)]));
}

const BY_NAME = new Set(["properties", "patternProperties", "dependencies"]);
const SCHEMAS = new Set([
  "items",
  "additionalItems",
  "contains",
  "additionalProperties",
  "propertyNames",
  "not",
  "if",
  "then",
  "else",
  "allOf",
  "anyOf",
  "oneOf",
]);

/** The schema with another in place of each that is directly inside it. */
function within(schema: SchemaObject, change: (schema: JsonSchema) => JsonSchema): Record<string, unknown> {
  const one = (inner: unknown): unknown => (isSchema(inner) ? change(inner) : inner);
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (BY_NAME.has(keyword) && isObject(value)) {
        return [keyword, Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, one(inner)]))];
      }
      if (!SCHEMAS.has(keyword)) return [keyword, value];
      return [keyword, Array.isArray(value) ? value.map(one) : one(value)];
    }),
  );
}

/** Draft-07 as Ajv by itself does not read it: nothing counts beside a reference, and `__proto__` is a name like others. */
function draft7(schema: JsonSchema): JsonSchema {
  if (typeof schema === "boolean") return schema;
  if (typeof schema.$ref === "string") return { $ref: schema.$ref };
  const { properties, patternProperties, ...rest } = within(schema, draft7);
  const own = Object.entries(isObject(properties) ? properties : {});
  const proto = own.filter(([name]) => name === "__proto__").map(([, inner]) => ["^__proto__$", inner]);
  const patterns = [...Object.entries(isObject(patternProperties) ? patternProperties : {}), ...proto];
  const { nullable: _, ...known } = rest;
  return {
    ...known,
    // Inside the elements of an array Ajv takes an empty array for one that contains what the one before it did.
    ...(rest["contains"] !== undefined && { minItems: Math.max(1, Number(rest["minItems"] ?? 0)) }),
    ...(rest["nullable"] === true &&
      rest["type"] !== undefined && { type: [...new Set([rest["type"], "null"].flat())] }),
    ...(own.length > 0 && { properties: Object.fromEntries(own.filter(([name]) => name !== "__proto__")) }),
    ...(patterns.length > 0 && { patternProperties: Object.fromEntries(patterns) }),
  };
}

const CONTENT = new Set([
  ...["pattern", "format", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
  ...["multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"],
]);

/**
 * The schema without what only validators check and nothing is warned of (docs/generate.md): what is refused even so, a
 * type must refuse, unless there was a warning. `not` and `if` are always warned of.
 */
function core(schema: JsonSchema): JsonSchema {
  if (typeof schema === "boolean") return schema;
  const kept = Object.entries(within(schema, core)).filter(([keyword]) => !CONTENT.has(keyword));
  const {
    not: _not,
    if: _if,
    oneOf,
    const: only,
    enum: among,
    additionalProperties,
    ...rest
  } = Object.fromEntries(kept);
  const types = [schema.type].flat().map((type) => (type === "integer" ? "number" : type));
  // An object of TypeScript may have more properties than its type declares.
  const open = additionalProperties === false && (schema.properties !== undefined || schema.required !== undefined);
  const also = [
    ...schemaList(rest["allOf"]),
    ...(oneOf === undefined ? [] : [{ anyOf: oneOf }]),
    ...(only === undefined ? [] : [literal(only)]),
    ...(Array.isArray(among) ? [{ anyOf: among.map(literal) }] : []),
  ];
  return {
    ...rest,
    ...(additionalProperties !== undefined && !open && { additionalProperties }),
    ...(schema.type !== undefined && { type: [...new Set(types)] }),
    ...(also.length > 0 && { allOf: also }),
  };
}

function union(schema: JsonSchema): JsonSchema {
  if (typeof schema === "boolean") return schema;
  const { oneOf, ...rest } = within(schema, union);
  return { ...rest, ...(oneOf !== undefined && { allOf: [...schemaList(rest["allOf"]), { anyOf: oneOf }] }) };
}

function literal(value: unknown): JsonSchema {
  if (Array.isArray(value)) {
    return { type: "array", items: value.map(literal), additionalItems: false, minItems: value.length };
  }
  if (!isObject(value)) return { const: value };
  const names = Object.keys(value);
  if (names.length === 0) return { const: {} };
  return {
    type: "object",
    required: names,
    properties: Object.fromEntries(Object.entries(value).map(([name, member]) => [name, literal(member)])),
  };
}
