/** Schemas as an AsyncAPI document holds them: shared ones under `components`, sensitive values marked. */
import { setOwn } from "../../spec/json.ts";
import { subschemas } from "../../spec/keywords.ts";
import { tokens } from "../../spec/pointer.ts";
import type { JsonSchema, Pointer } from "../../model/model.ts";
import { isObject, isSchema, referenceOf, type Definitions, type SchemaObject } from "../json-schema.ts";
import { usedDefinitions } from "../schema-document.ts";

const MARK = "x-sensitive";

/** The schemas of one document. What marking changes is a copy of its own. */
export class ComponentSchemas {
  readonly #definitions: Definitions;
  readonly #shared: Record<string, unknown> = {};

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  /**
   * A schema for the document. What it refers to is added to the shared ones.
   * @param sensitive Pointers into the value, `*` for every element.
   */
  add(schema: JsonSchema, sensitive: readonly Pointer[] = []): SchemaObject {
    for (const [name, found] of usedDefinitions(schema, this.#definitions)) {
      if (!Object.hasOwn(this.#shared, name)) setOwn(this.#shared, name, rewritten(found));
    }
    if (sensitive.length === 0) return asObject(unmarked(schema));
    const holder: Record<string, unknown> = { root: rewritten(schema) };
    for (const pointer of sensitive) this.#mark(holder, "root", tokens(pointer), new Set());
    return asObject(holder["root"]);
  }

  /** The shared schemas, sorted by name; undefined when there is none. */
  get shared(): SchemaObject | undefined {
    const names = Object.keys(this.#shared).toSorted();
    return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, this.#shared[name]]));
  }

  /** Marks every schema that speaks of the value at a path of it. */
  #mark(holder: Record<string, unknown>, key: string, path: readonly string[], passed: ReadonlySet<string>): void {
    const schema = holder[key];
    const [next, ...rest] = path;
    if (next === undefined) return setOwn(holder, key, marked(schema));
    if (!isObject(schema)) return;
    const name = sharedName(schema);
    if (name !== undefined) {
      // The same place of the value again: a schema that contains itself beside something else.
      const place = `${path.length} ${name}`;
      if (!passed.has(place)) this.#mark(this.#shared, name, path, new Set([...passed, place]));
      return;
    }
    for (const { path: inner, step } of subschemas(schema)) {
      const left = step.kind === "same" ? path : rest;
      const leads =
        step.kind === "same" ||
        (step.kind === "each" && next === "*") ||
        (step.kind === "member" && step.name === next);
      const last = inner.at(-1);
      const place = inner.slice(0, -1).reduce<unknown>((at, token) => (isHolder(at) ? at[token] : undefined), schema);
      if (leads && last !== undefined && isHolder(place)) this.#mark(place, String(last), left, passed);
    }
  }
}

/** A copy of a schema in which references lead to `components`, and nothing stands beside one. */
function rewritten(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  const name = isSchema(schema) ? referenceOf(schema) : undefined;
  if (name !== undefined) {
    const reference = { $ref: `#/components/schemas/${name}` };
    const { $ref, ...beside } = schema;
    return Object.keys(beside).length === 0 ? reference : { allOf: [reference], ...beside };
  }
  const copy: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema))
    setOwn(copy, keyword, isHolder(value) ? shallow(value) : value);
  for (const { path, schema: inner } of subschemas(schema)) {
    const [keyword = "", member] = path.map(String);
    const holder = member === undefined ? copy : copy[keyword];
    if (isHolder(holder)) setOwn(holder, member ?? keyword, rewritten(inner));
  }
  return copy;
}

/** The same of a schema that nothing marks: one copy serves the documents of all services. */
function unmarked(schema: JsonSchema): unknown {
  if (!isObject(schema)) return schema;
  const known = copies.get(schema) ?? rewritten(schema);
  copies.set(schema, known);
  return known;
}

const copies = new WeakMap<SchemaObject, unknown>();

/** A list or mapping of its own, of the same members: those that are no schemas are never changed. */
function shallow(value: Record<string, unknown>): unknown {
  return Array.isArray(value) ? [...value] : { ...value };
}

function sharedName(schema: SchemaObject): string | undefined {
  const reference = schema.$ref;
  return typeof reference === "string" ? reference.slice("#/components/schemas/".length) : undefined;
}

function marked(schema: unknown): SchemaObject {
  const object = asObject(schema);
  return object.$ref === undefined ? { ...object, [MARK]: true } : { allOf: [object], [MARK]: true };
}

/** AsyncAPI has no schema that is a boolean where a message has its own. */
function asObject(schema: unknown): SchemaObject {
  if (isObject(schema)) return schema;
  return schema === false ? { not: {} } : {};
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
