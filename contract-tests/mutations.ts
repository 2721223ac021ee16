/** Values that a schema must refuse, made from one that it accepts by breaking one rule at a time. */
import type { JsonSchema } from "../codegen/model/model.ts";

/** A value with one rule broken. */
export interface Mutation {
  /** The rule and where: `/items/0/quantity minimum`. */
  readonly rule: string;
  readonly value: unknown;
}

/** Shared schemas by name, as `#/definitions/NAME` refers to them. */
export type Definitions = ReadonlyMap<string, JsonSchema>;

type Put = (replacement: unknown) => unknown;

/** Every rule of `schema` that applies to `value`, broken in turn. Knows the keywords that this contract uses. */
export function mutationsOf(schema: JsonSchema, value: unknown, definitions: Definitions): readonly Mutation[] {
  return [...walk(schema, value, "", (replacement) => replacement, definitions)];
}

function* walk(
  schema: JsonSchema,
  value: unknown,
  path: string,
  put: Put,
  definitions: Definitions,
): Generator<Mutation> {
  if (typeof schema === "boolean") return;
  const { $ref } = schema;
  if (typeof $ref === "string") {
    const target = definitions.get($ref.slice($ref.lastIndexOf("/") + 1));
    if (target === undefined) throw new Error(`${path}: no definition for ${$ref}`);
    yield* walk(target, value, path, put, definitions);
    return;
  }
  const broken = (keyword: string, replacement: unknown) => ({
    rule: `${path || "/"} ${keyword}`,
    value: put(replacement),
  });

  if ("type" in schema) yield broken("type", wrongType(schema["type"]));
  if ("const" in schema) yield broken("const", differentFrom([schema["const"]]));
  if (Array.isArray(schema["enum"])) yield broken("enum", differentFrom(schema["enum"]));
  if (typeof value === "string") yield* ofString(schema, broken);
  if (typeof value === "number") yield* ofNumber(schema, broken);
  if (Array.isArray(value)) yield* ofArray(schema, value, path, put, definitions, broken);
  else if (isRecord(value)) yield* ofObject(schema, value, path, put, definitions, broken);
}

type Rules = { readonly [keyword: string]: unknown };
type Broken = (keyword: string, replacement: unknown) => Mutation;

function* ofString({ minLength, maxLength, pattern, format }: Rules, broken: Broken): Generator<Mutation> {
  if (typeof minLength === "number" && minLength > 0) yield broken("minLength", "");
  if (typeof maxLength === "number") yield broken("maxLength", "x".repeat(maxLength + 1));
  if (typeof pattern === "string") yield broken("pattern", "\u0000 no pattern of ours allows this");
  if (typeof format === "string") yield broken("format", "no format of ours allows this");
}

function* ofNumber({ type, minimum, maximum }: Rules, broken: Broken): Generator<Mutation> {
  if (type === "integer") yield broken("integer", 1.5);
  if (typeof minimum === "number") yield broken("minimum", minimum - 1);
  if (typeof maximum === "number") yield broken("maximum", maximum + 1);
}

function* ofArray(
  { minItems, maxItems, items }: Rules,
  value: readonly unknown[],
  path: string,
  put: Put,
  definitions: Definitions,
  broken: Broken,
): Generator<Mutation> {
  if (typeof minItems === "number" && minItems > 0) yield broken("minItems", []);
  if (typeof maxItems === "number")
    yield broken(
      "maxItems",
      Array.from({ length: maxItems + 1 }, () => value[0]),
    );
  if (!isRecord(items)) return;
  for (const [n, element] of value.entries()) {
    yield* walk(items, element, `${path}/${n}`, (replacement) => put(value.with(n, replacement)), definitions);
  }
}

function* ofObject(
  { required, properties, additionalProperties }: Rules,
  value: Rules,
  path: string,
  put: Put,
  definitions: Definitions,
  broken: Broken,
): Generator<Mutation> {
  for (const name of Array.isArray(required) ? required : []) {
    yield broken(`required ${name}`, Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)));
  }
  if (additionalProperties === false) yield broken("additionalProperties", { ...value, "not in the contract": 1 });
  if (!isRecord(properties)) return;
  for (const [name, schema] of Object.entries(properties)) {
    if (!(name in value) || !(isRecord(schema) || typeof schema === "boolean")) continue;
    yield* walk(
      schema,
      value[name],
      `${path}/${name}`,
      (replacement) => put({ ...value, [name]: replacement }),
      definitions,
    );
  }
}

function wrongType(type: unknown): unknown {
  const allowed = new Set(Array.isArray(type) ? type : [type]);
  return allowed.has("object") ? "not an object" : { not: String(type) };
}

function differentFrom(values: readonly unknown[]): unknown {
  return `none of ${JSON.stringify(values)}`;
}

function isRecord(value: unknown): value is Rules {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
