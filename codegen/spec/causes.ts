/**
 * Why a document does not satisfy a meta-schema of AsyncAPI. A validator says of a choice (`oneOf`, `anyOf`) what is
 * wrong in every branch, and most of that is no fault of the document: a message is no list of messages, and an OAuth
 * flow is no API key. This goes into the branch that was meant, and finds the causes alone.
 */
import { isDeepStrictEqual } from "node:util";
import { isObject, type JsonObject, own } from "./json.ts";
import { type Pointer, under } from "./pointer.ts";

/** One cause. */
export interface Cause {
  /** Where it is; what is too much is meant itself, what is missing would stand there. */
  readonly at: Pointer;
  readonly kind: "missing" | "unexpected" | "type" | "value" | "other";
  /** What is wanted: the missing member, the types, the values. */
  readonly wanted: string;
}

type Path = readonly (string | number)[];

interface Found extends Cause {
  readonly depth: number;
}

/** More than this is searched by nobody. */
const MOST_DEPTH = 200;

/**
 * The causes in the order in which the meta-schema asks for things; none where the document satisfies it as far as this
 * looks: formats, patterns and numbers are not asked about.
 * @param known Schemas that the meta-schema refers to and does not hold, by their names.
 */
export function causesOf(schema: JsonObject, document: unknown, known: JsonObject = {}): readonly Cause[] {
  const seen = new Set<string>();
  return new Explained(schema, known).explain(schema, document, schema, []).filter(({ at, kind, wanted }) => {
    const key = `${kind} ${at} ${wanted}`;
    return !seen.has(key) && seen.add(key);
  });
}

class Explained {
  readonly #definitions: JsonObject;

  constructor(root: JsonObject, known: JsonObject) {
    this.#definitions = { ...known, ...objectOf(root, "definitions") };
  }

  /** What is wrong with a value. `base` is the schema that references of the form `#/...` begin at. */
  explain(schema: unknown, value: unknown, base: JsonObject, path: Path): readonly Found[] {
    if (schema === false) return [found(path, "other", "")];
    if (!isObject(schema) || path.length > MOST_DEPTH) return [];
    const here = typeof own(schema, "$id") === "string" ? schema : base;
    const ref = own(schema, "$ref");
    if (typeof ref === "string") {
      const target = this.#resolve(ref, here);
      return target === undefined ? [] : this.explain(target.schema, value, target.base, path);
    }
    const wrongType = typeFault(schema, value, path);
    // What is of another type has no members that could be wrong.
    if (wrongType.length > 0) return wrongType;
    return [
      ...valueFault(schema, value, path),
      ...this.#members(schema, value, here, path),
      ...this.#items(schema, value, here, path),
      ...this.#branches(schema, value, here, path),
    ];
  }

  #members(schema: JsonObject, value: unknown, base: JsonObject, path: Path): readonly Found[] {
    if (!isObject(value)) return [];
    const required = own(schema, "required");
    const missing = (Array.isArray(required) ? required : []).filter((name) => !Object.hasOwn(value, String(name)));
    const properties = own(schema, "properties");
    const patterns = Object.entries(objectOf(schema, "patternProperties"));
    const additional = own(schema, "additionalProperties");
    const inside = Object.entries(value).flatMap(([name, member]): readonly Found[] => {
      const inner = [...path, name];
      const known = own(properties, name);
      const matching = patterns.filter(([pattern]) => new RegExp(pattern, "u").test(name)).map(([, one]) => one);
      const asked = known === undefined ? matching : [known, ...matching];
      if (asked.length > 0) return asked.flatMap((one) => this.explain(one, member, base, inner));
      if (additional === false) return [found(inner, "unexpected", name, path.length)];
      return additional === undefined ? [] : this.explain(additional, member, base, inner);
    });
    return [...missing.map((name) => found(path, "missing", String(name))), ...inside];
  }

  #items(schema: JsonObject, value: unknown, base: JsonObject, path: Path): readonly Found[] {
    const items = own(schema, "items");
    if (!Array.isArray(value) || items === undefined) return [];
    return value.flatMap((item, index) =>
      this.explain(Array.isArray(items) ? items[index] : items, item, base, [...path, index]),
    );
  }

  #branches(schema: JsonObject, value: unknown, base: JsonObject, path: Path): readonly Found[] {
    const explain = (one: unknown): readonly Found[] => this.explain(one, value, base, path);
    const all = listOf(schema, "allOf").flatMap(explain);
    const chosen = ["oneOf", "anyOf"].flatMap((keyword) => {
      const branches = listOf(schema, keyword).map(explain);
      return branches.toSorted((a, b) => cost(a, path) - cost(b, path))[0] ?? [];
    });
    const condition = own(schema, "if");
    const then = condition === undefined ? undefined : explain(condition).length === 0 ? "then" : "else";
    const not = own(schema, "not");
    const forbidden = not !== undefined && explain(not).length === 0 ? [found(path, "other", "")] : [];
    return [...all, ...chosen, ...(then === undefined ? [] : explain(own(schema, then))), ...forbidden];
  }

  #resolve(ref: string, base: JsonObject): { readonly schema: unknown; readonly base: JsonObject } | undefined {
    const [file = "", pointer = ""] = ref.split("#");
    const target = file === "" ? base : own(this.#definitions, file);
    if (!isObject(target)) return undefined;
    const path = pointer.split("/").slice(1);
    return { schema: path.reduce<unknown>((inside, name) => own(inside, name), target), base: target };
  }
}

/** How far a value is from a branch: the one that is nearest was meant. */
function cost(faults: readonly Found[], path: Path): number {
  let sum = 0;
  for (const { kind, depth, wanted } of faults) {
    const inside = depth - path.length;
    // Nobody who writes no `$ref` meant one, and what is of another type altogether is something else.
    if (inside === 0 && (kind === "type" || wanted === "$ref" || wanted === "oneOf")) sum += 1000;
    // A member says by its value which of several things this is: `type: oauth2`.
    else if (inside === 1 && kind === "value") sum += 300;
    else sum += inside === 0 ? 10 : 1;
  }
  return sum;
}

function typeFault(schema: JsonObject, value: unknown, path: Path): readonly Found[] {
  const wanted = own(schema, "type");
  if (wanted === undefined) return [];
  const types: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  const is = typeOf(value);
  const fits = types.includes(is) || (is === "integer" && types.includes("number"));
  return fits ? [] : [found(path, "type", types.join(","))];
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

function valueFault(schema: JsonObject, value: unknown, path: Path): readonly Found[] {
  const one = own(schema, "const");
  const listed = own(schema, "enum");
  const values: readonly unknown[] | undefined =
    one === undefined ? (Array.isArray(listed) ? listed : undefined) : [one];
  if (values === undefined || values.some((allowed) => isDeepStrictEqual(allowed, value))) return [];
  return [found(path, "value", values.map((allowed) => JSON.stringify(allowed)).join(", "))];
}

function objectOf(schema: JsonObject, keyword: string): JsonObject {
  const value = own(schema, keyword);
  return isObject(value) ? value : {};
}

function listOf(schema: JsonObject, keyword: string): readonly unknown[] {
  const list = own(schema, keyword);
  return Array.isArray(list) ? list : [];
}

function found(path: Path, kind: Cause["kind"], wanted: string, depth = path.length): Found {
  return { at: under("", ...path), kind, wanted, depth };
}
