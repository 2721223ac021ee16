/**
 * What a schema says by a `$ref` where a value stands and no schema: `properties: { $ref: ... }`, an `enum` that is
 * written elsewhere, a `default`; and what the example of a message says so. Readers of AsyncAPI put the target in its
 * place, and so do we, before anything reads the schema.
 */
import { isObject, type JsonObject, own } from "./json.ts";
import { KEYWORDS } from "./keywords.ts";
import { nodeAt } from "./node.ts";
import { type Pointer, tokens, under } from "./pointer.ts";
import type { Source } from "./source.ts";
import { visits } from "./walk.ts";

/** What is borrowed may borrow in turn; what goes on for longer borrows itself. */
const MOST_ROUNDS = 10;

/** The same contract with every such target in the place of its `$ref`. What leads nowhere stays, and is reported later. */
export function withBorrowed(source: Source): Source {
  let { data } = source;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const found = borrowed(data);
    if (found.size === 0) break;
    data = replaced(data, found);
  }
  return data === source.data ? source : { ...source, data };
}

/** The values of such references, by the places of these. */
function borrowed(document: unknown): ReadonlyMap<Pointer, unknown> {
  const found = new Map<Pointer, unknown>();
  for (const { kind, at, value } of visits(document)) {
    if (kind === "message" || kind === "message trait") findInExamples(document, value, at, found);
    if (kind !== "schema" || isRef(value)) continue;
    for (const [keyword, said] of Object.entries(value)) {
      const shape = KEYWORDS.get(keyword);
      if (shape === undefined || typeof said !== "object") continue;
      const place = under(at, keyword);
      if (shape === "any" || shape === "list") findInData(document, said, place, found);
      else if (isRef(said) && shape !== "schema" && shape !== "schema or schemas") find(document, place, found);
    }
  }
  return found;
}

/** An example itself is no reference, but what it shows may hold some. */
function findInExamples(document: unknown, message: JsonObject, at: Pointer, found: Map<Pointer, unknown>): void {
  const examples = own(message, "examples");
  if (!Array.isArray(examples)) return;
  for (const [index, example] of examples.entries()) {
    for (const part of ["payload", "headers"]) {
      findInData(document, own(example, part), under(at, "examples", index, part), found);
    }
  }
}

/** A constant, a default or an example may hold one at any depth. */
function findInData(document: unknown, value: unknown, at: Pointer, found: Map<Pointer, unknown>): void {
  if (isRef(value)) return find(document, at, found);
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) findInData(document, member, under(at, key), found);
}

function find(document: unknown, at: Pointer, found: Map<Pointer, unknown>): void {
  const target = nodeAt(document, at);
  if (target !== undefined) found.set(at, target.value);
}

function isRef(value: unknown): value is JsonObject {
  return isObject(value) && typeof own(value, "$ref") === "string";
}

/** A copy of the document with other values at some places. */
function replaced(document: unknown, values: ReadonlyMap<Pointer, unknown>): unknown {
  const copy: unknown = structuredClone(document);
  for (const [at, value] of values) {
    const path = tokens(at);
    const last = path.pop() ?? "";
    const holder = path.reduce<unknown>(own, copy);
    if (typeof holder !== "object" || holder === null) continue;
    // Also one that is called `__proto__`.
    const put = { value: structuredClone(value), writable: true, enumerable: true, configurable: true };
    Object.defineProperty(holder, last, put);
  }
  return copy;
}
