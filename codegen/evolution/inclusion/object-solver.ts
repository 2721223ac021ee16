import type { Pattern } from "../language/pattern.ts";
import { accepts, formulasFor } from "./accepts.ts";
import type { Branch, MemberDemand } from "./branch.ts";
import type { Claim, Formula, Members } from "./formula.ts";
import { keyOf } from "./json.ts";
import { firstFound, found, NO_VALUE, unsure, type Outcome } from "./outcome.ts";
import { sizeRange, type SizeRange } from "./size-range.ts";
import type { Solver } from "./solver.ts";

/** What is asked of each member that is there so far, by name. */
type Chosen = ReadonlyMap<string, readonly Claim[]>;

/** Above this many patterns, their 2^n combinations are too many to look for a name in each. */
const PATTERNS = 5;
/** The most members that are added to reach `minProperties`. */
const FILLED = 1_000;

/** An object that satisfies the atoms of a branch. Source: JSON Schema Core 2020-12, section 10.3.2. */
export function solveObject(branch: Branch, solver: Solver): Outcome {
  return new ObjectSearch(branch, solver).place(0, new Map());
}

class ObjectSearch {
  readonly #solver: Solver;
  readonly #branch: Branch;
  readonly #range: SizeRange;
  readonly #demands: readonly MemberDemand[];
  readonly #members: readonly Members[];
  readonly #names: readonly Formula[];
  readonly #forbidden: ReadonlySet<string>;
  /** Every name that something is said about. */
  readonly #spoken: ReadonlySet<string>;
  readonly #patterns: readonly Pattern[];

  constructor(branch: Branch, solver: Solver) {
    this.#solver = solver;
    this.#branch = branch;
    this.#range = sizeRange(branch);
    this.#members = branch.holding.filter((atom) => atom.op === "members");
    this.#names = branch.holding.flatMap((atom) => (atom.op === "names" ? [atom.name] : []));
    const required = branch.holding.flatMap((atom) => (atom.op === "has" ? [atom.name] : []));
    this.#forbidden = new Set(branch.failing.flatMap((atom) => (atom.op === "has" ? [atom.name] : [])));
    const named = branch.members.toSorted((a, b) => Number(a.name === undefined) - Number(b.name === undefined));
    this.#demands = [...required.map((name) => ({ name, nameClaims: [], claims: [] })), ...named];
    const spoken = [...this.#members, ...named.flatMap((demand) => demand.besides ?? [])];
    this.#spoken = new Set([
      ...this.#demands.flatMap((demand) => demand.name ?? []),
      ...this.#forbidden,
      ...spoken.flatMap((atom) => [...atom.named.keys()]),
    ]);
    this.#patterns = [
      ...new Set([
        ...spoken.flatMap((atom) => atom.patterns.map(([pattern]) => pattern)),
        ...named.flatMap((demand) => demand.within ?? []),
      ]),
    ];
  }

  /** Gives each demand from `index` on a name, in every way that could matter, and completes the object. */
  place(index: number, chosen: Chosen): Outcome {
    this.#solver.budget.spend(1);
    const demand = this.#demands[index];
    if (demand === undefined) return this.#complete(chosen);
    return firstFound(this.#placements(demand, index, chosen));
  }

  *#placements(demand: MemberDemand, index: number, chosen: Chosen): Generator<Outcome> {
    for (const candidate of this.#candidates(demand, chosen)) {
      if (typeof candidate !== "string") {
        yield candidate;
        continue;
      }
      const claims = [...(chosen.get(candidate) ?? []), ...demand.claims];
      const next = new Map(chosen).set(candidate, claims);
      if (next.size > this.#range.most) {
        // Another name of the same kind might have served two demands at once.
        if (demand.nameClaims.length > 0) yield unsure("which names may be shared could not be settled");
        continue;
      }
      const value = this.#valueAt(candidate, claims);
      yield value.is === "value" ? this.place(index + 1, next) : value;
    }
  }

  /** Names that a demand may take: one of each sort, or a doubt. */
  *#candidates(demand: MemberDemand, chosen: Chosen): Generator<string | Outcome> {
    if (demand.name !== undefined) {
      yield* this.#ifAllowed(demand.name);
      return;
    }
    for (const name of new Set([...this.#spoken, ...chosen.keys()])) {
      const fits = this.#fits(name, demand);
      if (fits === undefined) yield unsure(`whether the name ${JSON.stringify(name)} matches a pattern could not be settled`);
      else if (fits) yield* this.#ifAllowed(name);
    }
    yield* this.#freshNames(demand, chosen);
  }

  *#ifAllowed(name: string): Generator<string | Outcome> {
    if (this.#forbidden.has(name)) return;
    const allowed = this.#names.map((formula) => accepts(formula, name));
    if (allowed.includes(false)) return;
    yield allowed.includes(undefined) ? unsure(`whether the name ${JSON.stringify(name)} is allowed could not be settled`) : name;
  }

  #fits(name: string, { within, besides, nameClaims }: MemberDemand): boolean | undefined {
    if (besides?.named.has(name)) return false;
    const tests = [
      ...(within ? [within.matches(name)] : []),
      ...(besides?.patterns ?? []).map(([pattern]) => negated(pattern.matches(name))),
      ...nameClaims.map(({ formula, holds }) => (holds ? accepts(formula, name) : negated(accepts(formula, name)))),
    ];
    if (tests.includes(false)) return false;
    return tests.includes(undefined) ? undefined : true;
  }

  /** Names that nothing is said about: one for each combination of patterns that they match or not. */
  *#freshNames(demand: MemberDemand, chosen: Chosen): Generator<string | Outcome> {
    const { formulas } = this.#solver;
    if (this.#patterns.length > PATTERNS) yield unsure("too many patterns for names are in play");
    for (let combination = 0; combination < 2 ** Math.min(this.#patterns.length, PATTERNS); combination++) {
      const matched = new Set(this.#patterns.filter((_, at) => Math.floor(combination / 2 ** at) % 2 === 1));
      if (demand.within && !matched.has(demand.within)) continue;
      if (demand.besides?.patterns.some(([pattern]) => matched.has(pattern))) continue;
      const name = this.#solver.solve([
        { formula: formulas.kinds(["string"]), holds: true },
        { formula: formulas.among([...this.#spoken, ...chosen.keys()]), holds: false },
        ...this.#patterns.map((pattern) => ({ formula: formulas.pattern(pattern), holds: matched.has(pattern) })),
        ...this.#names.map((formula) => ({ formula, holds: true })),
        ...demand.nameClaims,
      ]);
      if (name.is === "value" && typeof name.value === "string") yield name.value;
      else if (name.is === "unsure") yield name;
    }
  }

  #valueAt(name: string, claims: readonly Claim[]): Outcome {
    const all = [...claims];
    for (const members of this.#members) {
      const formulas = formulasFor(members, name);
      if (formulas === undefined) return unsure(`whether the name ${JSON.stringify(name)} matches a pattern could not be settled`);
      for (const formula of formulas) all.push({ formula, holds: true });
    }
    return this.#solver.solve(all);
  }

  /** Adds members until there are enough, and looks at what is ruled out as a whole. */
  #complete(chosen: Chosen): Outcome {
    if (this.#range.least > FILLED) return unsure("the objects that it takes are too large to write out");
    const filled = new Map(chosen);
    let doubt: Outcome = NO_VALUE;
    while (filled.size < this.#range.least) {
      const more = this.#anotherMember(filled);
      if (typeof more !== "string") {
        doubt = more;
        break;
      }
      filled.set(more, []);
    }
    if (filled.size < this.#range.least) return doubt;
    if (filled.size > this.#range.most) return NO_VALUE;
    const object = this.#build(filled);
    return object.is === "value" && this.#isListed(object.value) ? this.#vary(filled) : object;
  }

  #anotherMember(present: Chosen): string | Outcome {
    let doubt: Outcome = NO_VALUE;
    for (const candidate of this.#candidates({ nameClaims: [], claims: [] }, present)) {
      if (typeof candidate !== "string") {
        doubt = candidate;
        continue;
      }
      if (present.has(candidate)) continue;
      const value = this.#valueAt(candidate, []);
      if (value.is === "value") return candidate;
      if (value.is === "unsure") doubt = value;
    }
    return doubt;
  }

  #build(chosen: Chosen): Outcome {
    const entries: [string, unknown][] = [];
    for (const [name, claims] of chosen) {
      const member = this.#valueAt(name, claims);
      if (member.is !== "value") return member;
      entries.push([name, member.value]);
    }
    return found(Object.fromEntries(entries));
  }

  #isListed(value: unknown): boolean {
    return this.#branch.failing.some((atom) => atom.op === "among" && atom.keys.has(keyOf(value)));
  }

  /** Another object than the ones that `enum` rules out: with one more member, or with another value for one. */
  #vary(chosen: Chosen): Outcome {
    const another = chosen.size < this.#range.most ? this.#anotherMember(chosen) : NO_VALUE;
    const variants: Chosen[] = typeof another === "string" ? [new Map(chosen).set(another, [])] : [];
    for (const [name, claims] of chosen) {
      const taken = this.#branch.failing.flatMap((atom) => (atom.op === "among" ? atom.values : []));
      const values = taken.flatMap((value) => (Object.hasOwn(Object(value), name) ? [Object(value)[name]] : []));
      const other: Claim = { formula: this.#solver.formulas.among(values), holds: false };
      variants.push(new Map(chosen).set(name, [...claims, other]));
    }
    for (const variant of variants) {
      const object = this.#build(variant);
      if (object.is === "value" && !this.#isListed(object.value)) return object;
    }
    const isOnlyEmpty = chosen.size === 0 && another === NO_VALUE;
    return isOnlyEmpty ? NO_VALUE : unsure("whether an object exists beside those that enum lists could not be settled");
  }
}

function negated(holds: boolean | undefined): boolean | undefined {
  return holds === undefined ? undefined : !holds;
}
