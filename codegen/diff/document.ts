/** A schema of the model with the shared schemas that it leads to: one JSON document that stands for itself. */
import { isObject, type JsonObject, own } from "../spec/json.ts";
import { subschemas } from "../spec/keywords.ts";
import { lastToken, type Pointer, tokens, under } from "../spec/pointer.ts";
import type { JsonSchema, Model } from "../model/model.ts";

const REFERENCE = "#/definitions/";

/** One schema, comparable without anything else. */
export interface SchemaDocument {
  /** Has `definitions` beside its keywords where it refers to any. */
  readonly schema: JsonObject;
  /** Where a place of the schema stands in the contract. */
  readonly place: (pointer: Pointer) => Pointer;
}

/** Writes a schema of a model down with everything that it refers to. */
export function documentOf(schema: JsonSchema, pointer: Pointer, model: Model): SchemaDocument {
  const shared = new Map(model.schemas.map((entry) => [lastToken(entry.pointer), entry]));
  const definitions: Record<string, JsonSchema> = {};
  const collect = (value: unknown): void => {
    if (!isObject(value)) return;
    const name = referenceIn(value);
    const entry = name === undefined ? undefined : shared.get(name);
    if (name !== undefined && entry !== undefined && !Object.hasOwn(definitions, name)) {
      definitions[name] = entry.schema;
      collect(entry.schema);
    }
    for (const inner of subschemas(value)) collect(inner.schema);
  };
  collect(schema);
  const name = referenceIn(schema);
  const root = (name === undefined ? undefined : definitions[name]) ?? schema;
  const place = (at: Pointer): Pointer => {
    const [first, second, ...rest] = tokens(at);
    const entry = first === "definitions" && second !== undefined ? shared.get(second) : undefined;
    return entry === undefined ? `${pointer}${at}` : under(entry.pointer, ...rest);
  };
  return { schema: withDefinitions(root, definitions), place };
}

/** The shared schema that a schema is nothing but a reference to. */
export function referenceIn(schema: unknown): string | undefined {
  const reference = own(schema, "$ref");
  return typeof reference === "string" && reference.startsWith(REFERENCE)
    ? reference.slice(REFERENCE.length)
    : undefined;
}

/** The reference to a shared schema. */
export function referenceTo(name: string): string {
  return `${REFERENCE}${name}`;
}

/** A schema with the definitions that its references need. */
export function withDefinitions(root: unknown, definitions: JsonObject): JsonObject {
  const whole = isObject(root) ? root : root === false ? { not: {} } : {};
  return Object.keys(definitions).length === 0 ? whole : { ...whole, definitions };
}

/** The document with another value at a pointer; undefined takes the value away. What lies between is made. */
export function withValue(document: JsonObject, pointer: Pointer, value: unknown): JsonObject {
  const set = (target: unknown, path: readonly string[]): unknown => {
    const [token, ...rest] = path;
    if (token === undefined) return value;
    if (Array.isArray(target)) {
      const items: readonly unknown[] = target;
      return items.map((item, index) => (String(index) === token ? set(item, rest) : item));
    }
    const members = isObject(target) ? target : {};
    const changed = set(own(members, token), rest);
    const others = Object.entries(members).filter(([name]) => name !== token);
    return Object.fromEntries(changed === undefined ? others : [...others, [token, changed]]);
  };
  const definitions = own(document, "definitions");
  const changed = set(document, tokens(pointer));
  if (pointer !== "") return isObject(changed) ? changed : document;
  return withDefinitions(changed, isObject(definitions) ? definitions : {});
}

/** The document with the definitions of another that it lacks, so that it can take over parts of the other. */
export function withDefinitionsOf(document: JsonObject, other: JsonObject): JsonObject {
  const [mine, others] = [own(document, "definitions"), own(other, "definitions")];
  const definitions = { ...(isObject(others) ? others : {}), ...(isObject(mine) ? mine : {}) };
  return withDefinitions(document, definitions);
}
