/** A schema as inference sees it: what kind of value it describes, through `$ref`, `allOf` and "or null". */
import { isList, isObject, own } from "../../spec/json.ts";
import { child, children, type Node } from "../../spec/node.ts";
import { literals, propertyNames, propertyOf } from "../../spec/properties.ts";

export interface Shape {
  readonly kind: "object" | "list" | "scalar" | "unknown";
  /** JSON Schema's types without `null`, sorted. */
  readonly types: readonly string[];
  readonly nullable: boolean;
  /** The only values, when they are listed. */
  readonly values: readonly unknown[] | undefined;
  readonly format: string | undefined;
  readonly schemas: readonly Node[];
}

/** One property with its shape. */
export interface PropertyShape {
  readonly name: string;
  readonly required: boolean;
  readonly shape: Shape;
}

/** What a schema, or several that hold at once, describe. */
export function shapeOf(schemas: readonly Node[]): Shape {
  const parts = schemas.flatMap((schema) => conjuncts(schema, new Set()));
  const typed = parts.map(({ value }) => typesOf(value)).find((types) => types.length > 0) ?? [];
  const values = literals(parts)?.filter((value) => value !== null);
  const types = typed.length > 0 ? typed : [...new Set((values ?? []).map(typeOfValue))];
  const isNullBranch = schemas.some((schema) => conjuncts(schema, new Set()).length > 0 && saysOrNull(schema));
  return {
    kind: kindOf(types, parts),
    types: types.filter((type) => type !== "null").toSorted(),
    nullable: types.includes("null") || isNullBranch || (literals(parts)?.includes(null) ?? false),
    values,
    format: parts.map(({ value }) => own(value, "format")).find((format) => typeof format === "string"),
    schemas: parts,
  };
}

/** The properties that an object declares, in their order. */
export function propertiesOf({ schemas }: Shape): PropertyShape[] {
  return [...new Set(propertyNames(schemas))].map((name) => {
    const { schemas: said, required } = propertyOf(schemas, name);
    return { name, required, shape: shapeOf(said) };
  });
}

/** What the elements of a list are like. */
export function elementOf({ schemas }: Shape): Shape {
  return shapeOf(schemas.flatMap((schema) => child(schema, "items") ?? []));
}

/** The first member of this name that a schema has, such as `default`. */
export function keywordOf({ schemas }: Shape, keyword: string): unknown {
  return schemas.map(({ value }) => own(value, keyword)).find((value) => value !== undefined);
}

/** The schema with what holds besides it; of "this or null" the this. */
function conjuncts(schema: Node, seen: Set<string>): Node[] {
  if (seen.has(schema.at)) return [];
  seen.add(schema.at);
  const all = children(child(schema, "allOf")).map(([, part]) => part);
  const [some = []] = ["anyOf", "oneOf"]
    .map((keyword) => children(child(schema, keyword)).map(([, part]) => part))
    .filter(({ length }) => length > 0);
  const real = some.filter((branch) => own(branch.value, "type") !== "null");
  const chosen = real.length === 1 && some.length === 2 ? real : [];
  return [schema, ...[...all, ...chosen].flatMap((part) => conjuncts(part, seen))];
}

function saysOrNull(schema: Node): boolean {
  return ["anyOf", "oneOf"].some((keyword) =>
    children(child(schema, keyword)).some(([, { value }]) => own(value, "type") === "null"),
  );
}

function typesOf(schema: unknown): string[] {
  const type = own(schema, "type");
  if (typeof type === "string") return [type];
  return isList(type) ? type.filter((one) => typeof one === "string") : [];
}

function kindOf(types: readonly string[], parts: readonly Node[]): Shape["kind"] {
  const real = types.filter((type) => type !== "null");
  if (parts.some(({ value }) => isObject(own(value, "properties"))) && real.every((type) => type === "object"))
    return "object";
  if (real.length === 1 && real[0] === "array") return "list";
  return real.length > 0 && real.every((type) => type !== "object" && type !== "array") ? "scalar" : "unknown";
}

function typeOfValue(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (typeof value === "string" || typeof value === "boolean") return typeof value;
  return isList(value) ? "array" : "object";
}
