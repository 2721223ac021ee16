/**
 * What a schema says by a `$ref` where a value stands and no schema: `properties: { $ref: ... }`, an `enum` that is
 * written elsewhere, a `default`; and what the example of a message says so. Readers of AsyncAPI put the target in its
 * place, and so do we, before anything reads the schema.
 */
import type { Diagnostic } from "../diagnostic.ts";
import { isObject, type JsonObject, own, setOwn } from "./json.ts";
import { KEYWORDS } from "./keywords.ts";
import { type Node, nodeAt } from "./node.ts";
import { parent, type Pointer, tokens, under, within } from "./pointer.ts";
import type { Source } from "./source.ts";
import { visits } from "./walk.ts";

/** Values that are put somewhere, each counted with all that it holds; above it a document is an attack and not a contract. */
const MOST_VALUES = 100_000;

/** Where values came from that were put in the place of a `$ref`, by that place. */
type Lent = ReadonlyMap<Pointer, Pointer>;

/**
 * The same contract with every such target in the place of its `$ref`, and what is wrong with these. What leads nowhere
 * stays, and is reported later. So does, in the example of a message, what leads to something around itself.
 */
export function withBorrowed(source: Source): { readonly source: Source; readonly faults: readonly Diagnostic[] } {
  const faults: Diagnostic[] = [];
  const fault = (code: "SCHEMA_RECURSION_UNSUPPORTED" | "SCHEMA_SIZE_UNSUPPORTED", at: Pointer, rest: Words): void =>
    void faults.push({ ...source.locate(at), severity: "error", code, ...rest });
  const lent = new Map<Pointer, Pointer>();
  const left = new Set<Pointer>();
  let { data } = source;
  let size = 0;
  for (;;) {
    const values = new Map<Pointer, unknown>();
    for (const { at, target, isExample } of borrowed(data)) {
      if (left.has(at)) continue;
      if (isEndless(at, target.at, lent)) {
        left.add(at);
        if (!isExample) fault("SCHEMA_RECURSION_UNSUPPORTED", at, ENDLESS);
        continue;
      }
      size += sizeOf(target.value);
      if (size > MOST_VALUES) {
        fault("SCHEMA_SIZE_UNSUPPORTED", at, TOO_MANY);
        return { source, faults };
      }
      values.set(at, target.value);
      lent.set(at, target.at);
    }
    if (values.size === 0) break;
    data = replaced(data, values);
  }
  return { source: data === source.data ? source : { ...source, data }, faults };
}

type Words = Pick<Diagnostic, "message" | "hint">;

const ENDLESS: Words = {
  message: "this value would hold itself without end, which is unsupported",
  hint: "Write out what is meant, or refer to a whole schema under components/schemas, which may be part of itself.",
};

const TOO_MANY: Words = {
  message: `values are referred to so often that more than ${MOST_VALUES} of them would be written`,
  hint: "Refer to whole schemas under components/schemas, which are written once.",
};

/** Whether a target lies around the place where it is wanted, in the document or by way of what was lent to it. */
function isEndless(at: Pointer, from: Pointer, lent: Lent): boolean {
  if (within(at, from)) return true;
  for (let around = at; around !== ""; around = parent(around)) {
    const origin = lent.get(around);
    if (origin !== undefined && within(origin, from)) return true;
  }
  return false;
}

/** A value, and all that it holds. */
function sizeOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce<number>((sum, member) => sum + sizeOf(member), 1);
}

/** A reference of this kind, and what it leads to. */
interface Borrowed {
  readonly at: Pointer;
  readonly target: Node;
  /** Whether the example of a message holds it, of which only the text counts. */
  readonly isExample: boolean;
}

/** All of them that lead somewhere. */
function borrowed(document: unknown): readonly Borrowed[] {
  const found = new Map<Pointer, Borrowed>();
  for (const { kind, at, value } of visits(document)) {
    if (kind === "message" || kind === "message trait") findInExamples(document, value, at, found);
    if (kind !== "schema" || isRef(value)) continue;
    for (const [keyword, said] of Object.entries(value)) {
      const shape = KEYWORDS.get(keyword);
      if (shape === undefined || typeof said !== "object") continue;
      const place = under(at, keyword);
      if (shape === "any" || shape === "list") findInData(document, said, place, false, found);
      else if (isRef(said) && shape !== "schema" && shape !== "schema or schemas") find(document, place, false, found);
    }
  }
  return [...found.values()];
}

type Found = Map<Pointer, Borrowed>;

/** An example itself is no reference, but what it shows may hold some. */
function findInExamples(document: unknown, message: JsonObject, at: Pointer, found: Found): void {
  const examples = own(message, "examples");
  if (!Array.isArray(examples)) return;
  for (const [index, example] of examples.entries()) {
    for (const part of ["payload", "headers"]) {
      findInData(document, own(example, part), under(at, "examples", index, part), true, found);
    }
  }
}

/** A constant, a default or an example may hold one at any depth. */
function findInData(document: unknown, value: unknown, at: Pointer, isExample: boolean, found: Found): void {
  if (isRef(value)) return find(document, at, isExample, found);
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) findInData(document, member, under(at, key), isExample, found);
}

function find(document: unknown, at: Pointer, isExample: boolean, found: Found): void {
  const target = nodeAt(document, at);
  if (target !== undefined) found.set(at, { at, target, isExample });
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
    setOwn(holder, last, structuredClone(value));
  }
  return copy;
}
