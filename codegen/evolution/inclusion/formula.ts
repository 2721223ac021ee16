import type { Pattern } from "./language/pattern.ts";
import { keyOf, KINDS, type Kind } from "./json.ts";

/**
 * A schema in the form that the solver reasons about: connectives over atoms. Equal formulas of one comparison are the
 * same object. Every atom but `kinds` and `among` speaks about values of one kind and holds for all values of other
 * kinds, as the keywords of JSON Schema do.
 */
export type Formula = Connective | Atom;

export type Connective =
  | { readonly id: number; readonly op: "all" | "any"; readonly parts: readonly Formula[] }
  /** Exactly one part holds. */
  | { readonly id: number; readonly op: "one"; readonly parts: readonly Formula[] }
  | { readonly id: number; readonly op: "not"; readonly part: Formula }
  /** A schema below a member or an item: read when it is asked for, so that schemas may be recursive. */
  | { readonly id: number; readonly op: "schema"; readonly read: () => Formula };

export type Atom = { readonly id: number } & AtomShape;

export type AtomShape =
  /** The value is of one of these kinds. */
  | { readonly op: "kinds"; readonly kinds: readonly Kind[] }
  /** The value equals one of these; `keys` holds the {@link keyOf} of each. */
  | { readonly op: "among"; readonly values: readonly unknown[]; readonly keys: ReadonlySet<string> }
  /** A lower or an upper bound of a number; `open` excludes the limit. */
  | { readonly op: "from" | "upTo"; readonly limit: number; readonly open: boolean }
  | { readonly op: "multiple"; readonly of: number }
  /** How many code points, items or members there are. */
  | { readonly op: "least" | "most"; readonly kind: SizedKind; readonly size: number }
  | { readonly op: "pattern"; readonly pattern: Pattern }
  | { readonly op: "format"; readonly format: string }
  /** Item i satisfies prefix[i], the items after them `rest`. */
  | { readonly op: "items"; readonly prefix: readonly Formula[]; readonly rest: Formula }
  /** At least `least` items satisfy `item`. */
  | { readonly op: "contains"; readonly item: Formula; readonly least: number }
  | { readonly op: "unique" }
  | MembersShape
  /** Every member's name satisfies `name`. */
  | { readonly op: "names"; readonly name: Formula }
  | { readonly op: "has"; readonly name: string }
  | UnknownShape;

/** Each member satisfies the formulas of its name and of the patterns that its name matches, or else `rest`. */
export interface MembersShape {
  readonly op: "members";
  readonly named: ReadonlyMap<string, Formula>;
  readonly patterns: readonly (readonly [Pattern, Formula])[];
  readonly rest: Formula;
}

/**
 * Something that the comparison does not understand: equal to itself and nothing else.
 * `ignored` is a keyword that validators leave out of account as the specification asks; what is not ignored (a
 * reference that leads nowhere, a malformed keyword) may mean anything.
 */
export interface UnknownShape {
  readonly op: "unknown";
  readonly key: string;
  readonly why: string;
  readonly ignored: boolean;
}

export type Members = { readonly id: number } & MembersShape;
export type SizedKind = "string" | "array" | "object";

/** A formula that must hold, or must not. */
export interface Claim {
  readonly formula: Formula;
  readonly holds: boolean;
}

const KIND_OF: Readonly<Record<Exclude<AtomShape["op"], "kinds" | "among" | "unknown" | "least" | "most">, Kind>> = {
  from: "number",
  upTo: "number",
  multiple: "number",
  pattern: "string",
  format: "string",
  items: "array",
  contains: "array",
  unique: "array",
  members: "object",
  names: "object",
  has: "object",
};

/** The one kind that an atom speaks about; undefined for atoms about every kind. */
export function kindOfAtom(atom: Atom): Kind | undefined {
  if (atom.op === "kinds" || atom.op === "among" || atom.op === "unknown") return undefined;
  return atom.op === "least" || atom.op === "most" ? atom.kind : KIND_OF[atom.op];
}

/** Builds the formulas of one comparison, each once, with the obvious simplifications. */
export class Formulas {
  readonly #known = new Map<string, Formula>();
  readonly true: Formula = this.#intern("all:", (id) => ({ id, op: "all", parts: [] }));
  readonly false: Formula = this.#intern("any:", (id) => ({ id, op: "any", parts: [] }));

  all(parts: readonly Formula[]): Formula {
    return this.#join("all", parts, this.true, this.false);
  }

  any(parts: readonly Formula[]): Formula {
    return this.#join("any", parts, this.false, this.true);
  }

  one(parts: readonly Formula[]): Formula {
    const [first, second] = parts;
    if (first === undefined) return this.false;
    if (second === undefined) return first;
    return this.#intern(`one:${ids(parts)}`, (id) => ({ id, op: "one", parts }));
  }

  not(part: Formula): Formula {
    if (part === this.true) return this.false;
    if (part === this.false) return this.true;
    if (part.op === "not") return part.part;
    return this.#intern(`not:${part.id}`, (id) => ({ id, op: "not", part }));
  }

  /** `then` for values of one kind, nothing for others. */
  forKind(kind: Kind, then: Formula): Formula {
    return this.any([this.kinds(KINDS.filter((other) => other !== kind)), then]);
  }

  /** The value equals one of these. */
  among(values: readonly unknown[]): Formula {
    const keys = new Set(values.map(keyOf));
    if (keys.size === 0) return this.false;
    return this.atom(`among:${[...keys].toSorted().join()}`, { op: "among", values, keys });
  }

  pattern(pattern: Pattern): Formula {
    return this.atom(`pattern:${pattern.source}`, { op: "pattern", pattern });
  }

  kinds(kinds: readonly Kind[]): Formula {
    const sorted = KINDS.filter((kind) => kinds.includes(kind));
    if (sorted.length === KINDS.length) return this.true;
    return this.atom(`kinds:${sorted.join()}`, { op: "kinds", kinds: sorted });
  }

  /**
   * A schema that is read when it is asked for.
   * @param identity the same for schemas that mean the same
   */
  schema(identity: string, read: () => Formula): Formula {
    return this.#intern(`schema:${identity}`, (id) => ({ id, op: "schema", read }));
  }

  unknown(key: string, why: string, ignored: boolean): Formula {
    return this.atom(`unknown:${key}`, { op: "unknown", key, why, ignored });
  }

  /** @param key the same for atoms that mean the same */
  atom(key: string, shape: AtomShape): Formula {
    return this.#intern(key, (id) => ({ id, ...shape }));
  }

  #join(op: "all" | "any", parts: readonly Formula[], unit: Formula, zero: Formula): Formula {
    const flat = new Set<Formula>();
    for (const part of parts) {
      if (part === zero) return zero;
      if (part.op === op) for (const inner of part.parts) flat.add(inner);
      else flat.add(part);
    }
    const [first, second] = flat;
    if (first === undefined) return unit;
    if (second === undefined) return first;
    const joined = [...flat];
    return this.#intern(`${op}:${ids(joined)}`, (id) => ({ id, op, parts: joined }));
  }

  #intern(key: string, make: (id: number) => Formula): Formula {
    let formula = this.#known.get(key);
    if (formula === undefined) {
      formula = make(this.#known.size);
      this.#known.set(key, formula);
    }
    return formula;
  }
}

function ids(formulas: readonly Formula[]): string {
  return formulas.map((formula) => formula.id).join();
}
