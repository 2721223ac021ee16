import { checkOf } from "./language/formats.ts";
import type { Atom, Claim, Formula, Members } from "./formula.ts";
import { isMultipleForAll } from "./fraction.ts";
import { codePoints, isObject, keyOf, kindOf } from "./json.ts";

/**
 * Whether a formula holds for a value; undefined when that cannot be said for every validator. Unknown keywords are
 * left out of account, as the specification asks; a validator that knows them may refuse more.
 */
export function accepts(formula: Formula, value: unknown): boolean | undefined {
  switch (formula.op) {
    case "all":
      return every(formula.parts, (part) => accepts(part, value));
    case "any":
      return negated(every(formula.parts, (part) => negated(accepts(part, value))));
    case "one":
      return one(formula.parts, value);
    case "not":
      return negated(accepts(formula.part, value));
    case "schema":
      return accepts(formula.read(), value);
    default:
      return acceptsAtom(formula, value);
  }
}

/** Whether a value makes every claim true. */
export function satisfies(claims: readonly Claim[], value: unknown): boolean | undefined {
  return every(claims, ({ formula, holds }) => (holds ? accepts(formula, value) : negated(accepts(formula, value))));
}

/** The members whose formulas a member of this name must satisfy; undefined when a pattern cannot be decided. */
export function formulasFor(members: Members, name: string): Formula[] | undefined {
  const named = members.named.get(name);
  const found = named === undefined ? [] : [named];
  let matched = named !== undefined;
  for (const [pattern, formula] of members.patterns) {
    const matches = pattern.matches(name);
    if (matches === undefined) return undefined;
    if (matches) found.push(formula);
    matched ||= matches;
  }
  return matched ? found : [members.rest];
}

function acceptsAtom(atom: Atom, value: unknown): boolean | undefined {
  switch (atom.op) {
    case "kinds": {
      const kind = kindOf(value);
      return kind !== undefined && atom.kinds.includes(kind);
    }
    case "among":
      return atom.keys.has(keyOf(value));
    case "unknown":
      return atom.ignored ? true : undefined;
    case "from":
      return typeof value !== "number" || value > atom.limit || (value === atom.limit && !atom.open);
    case "upTo":
      return typeof value !== "number" || value < atom.limit || (value === atom.limit && !atom.open);
    case "multiple":
      return typeof value !== "number" || isMultipleForAll(value, atom.of);
    case "least":
      return sizeOf(value, atom.kind) === undefined || (sizeOf(value, atom.kind) ?? 0) >= atom.size;
    case "most":
      return (sizeOf(value, atom.kind) ?? 0) <= atom.size;
    case "pattern":
      return typeof value !== "string" || atom.pattern.matches(value);
    case "format":
      return typeof value !== "string" || checkOf(atom.format)?.(value);
    case "items":
      return !Array.isArray(value) || every(value, (item, at) => accepts(atom.prefix[at] ?? atom.rest, item));
    case "contains":
      return !Array.isArray(value) || count(value, atom.item, atom.least);
    case "unique":
      return !Array.isArray(value) || new Set(value.map(keyOf)).size === value.length;
    case "members":
      return !isObject(value) || everyMember(atom, value);
    case "names":
      return !isObject(value) || every(Object.keys(value), (name) => accepts(atom.name, name));
    case "has":
      return !isObject(value) || Object.hasOwn(value, atom.name);
  }
}

function everyMember(members: Members, value: Readonly<Record<string, unknown>>): boolean | undefined {
  return every(Object.keys(value), (name) => {
    const formulas = formulasFor(members, name);
    return formulas && every(formulas, (formula) => accepts(formula, value[name]));
  });
}

function sizeOf(value: unknown, kind: "string" | "array" | "object"): number | undefined {
  if (kind === "string") return typeof value === "string" ? codePoints(value) : undefined;
  if (kind === "array") return Array.isArray(value) ? value.length : undefined;
  return isObject(value) ? Object.keys(value).length : undefined;
}

/** Whether at least `least` items satisfy `item`. */
function count(items: readonly unknown[], item: Formula, least: number): boolean | undefined {
  let [sure, unsure] = [0, 0];
  for (const value of items) {
    const accepted = accepts(item, value);
    if (accepted === true) sure++;
    else if (accepted === undefined) unsure++;
  }
  if (sure >= least) return true;
  return sure + unsure >= least ? undefined : false;
}

function one(parts: readonly Formula[], value: unknown): boolean | undefined {
  let [sure, unsure] = [0, 0];
  for (const part of parts) {
    const accepted = accepts(part, value);
    if (accepted === true) sure++;
    else if (accepted === undefined) unsure++;
    if (sure > 1) return false;
  }
  return unsure > 0 ? undefined : sure === 1;
}

/** True when a test holds for all, false when it fails for one, undefined in between. */
function every<T>(items: readonly T[], test: (item: T, at: number) => boolean | undefined): boolean | undefined {
  let result: boolean | undefined = true;
  for (const [at, item] of items.entries()) {
    const holds = test(item, at);
    if (holds === false) return false;
    if (holds === undefined) result = undefined;
  }
  return result;
}

/** The opposite, as far as it is known. */
export function negated(holds: boolean | undefined): boolean | undefined {
  return holds === undefined ? undefined : !holds;
}
