/** What a schema says in the words of OpenAPI 3.0 or of an older draft, in those of draft-07. */
import { isObject, type JsonObject, own } from "../spec/json.ts";
import { hasShape } from "../spec/keyword-shapes.ts";
import { KEYWORDS, TYPES } from "../spec/keywords.ts";
import { definedAs, type Node } from "../spec/node.ts";
import { parent } from "../spec/pointer.ts";
import { literals, propertyOf } from "../spec/properties.ts";

const TYPE_NAMES = new Set<unknown>(TYPES);

/**
 * Whether a keyword says something that can be checked. In a contract of ours the others are errors; in another's
 * document they are warnings, and check nothing.
 */
export function isUsable(keyword: string, value: unknown): boolean {
  if (keyword === "type") return typesOf(value).length > 0;
  const shape = KEYWORDS.get(keyword);
  return shape !== undefined && hasShape(shape, value);
}

/** The keywords that a schema needs in place of those that draft-07 does not know. */
export function fromOtherDialects(schema: JsonObject): JsonObject {
  return { ...types(schema), ...bound(schema, "minimum"), ...bound(schema, "maximum") };
}

function types(schema: JsonObject): JsonObject {
  const type = own(schema, "type");
  const known = typesOf(type);
  if (known.length === 0) return {};
  if (own(schema, "nullable") === true && !known.includes("null")) return { type: [...known, "null"] };
  return Array.isArray(type) && known.length < type.length ? { type: known } : {};
}

/** Draft-04 and OpenAPI 3.0 say of a bound whether it is exclusive, and not which one is. */
function bound(schema: JsonObject, keyword: "minimum" | "maximum"): JsonObject {
  const exclusive = keyword === "minimum" ? "exclusiveMinimum" : "exclusiveMaximum";
  const value = own(schema, keyword);
  return own(schema, exclusive) === true && typeof value === "number" ? { [exclusive]: value } : {};
}

/** The types that are types, each once. */
function typesOf(value: unknown): unknown[] {
  const listed: readonly unknown[] = Array.isArray(value) ? value : [value];
  return [...new Set(listed.filter((type) => TYPE_NAMES.has(type)))];
}

/** Which property tells the branches of a schema apart: `discriminator`, as AsyncAPI or OpenAPI writes it. */
export function discriminatorOf(schema: JsonObject): string | undefined {
  const said = own(schema, "discriminator");
  const name = isObject(said) ? own(said, "propertyName") : said;
  return typeof name === "string" ? name : undefined;
}

/**
 * What the discriminator says in a branch: the key of the schema, or what OpenAPI's mapping has for it. Undefined for a
 * branch that has no key, that does not declare the property, or that says itself which values it has.
 */
export function branchName(schema: JsonObject, branch: Node, property: string): string | undefined {
  const declared = propertyOf([branch], property).schemas;
  if (parent(branch.at) !== "/components/schemas" || declared.length === 0 || literals(declared) !== undefined) {
    return undefined;
  }
  const mapping = own(own(schema, "discriminator"), "mapping");
  const [mapped] = Object.entries(isObject(mapping) ? mapping : {}).find(([, ref]) => ref === `#${branch.at}`) ?? [];
  return mapped ?? definedAs(branch);
}
