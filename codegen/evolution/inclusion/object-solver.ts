import { formulasFor } from "./accepts.ts";
import type { Branch } from "./branch.ts";
import type { MemberDemand } from "./choice.ts";
import type { Claim, Members } from "./formula.ts";
import { isObject } from "./json.ts";
import { MemberNames, nameDoubt } from "./member-names.ts";
import { firstFound, found, NO_VALUE, unsure, type Outcome } from "./outcome.ts";
import { sizeRange, type SizeRange } from "./size-range.ts";
import type { Solver } from "./solver.ts";

/** What is asked of each member that is there so far, by name. */
type Chosen = ReadonlyMap<string, readonly Claim[]>;

/** The most members that are added to reach `minProperties`. */
const FILLED = 1_000;

/** An object that satisfies the atoms of a branch. Source: JSON Schema Core 2020-12, section 10.3.2. */
export function solveObject(branch: Branch, solver: Solver): Outcome {
  return new ObjectSearch(branch, solver).solve();
}

class ObjectSearch {
  readonly #solver: Solver;
  readonly #branch: Branch;
  readonly #range: SizeRange;
  /** What must be there under a name that is still open; where the name itself is asked for something, it is found first. */
  readonly #demands: readonly MemberDemand[];
  readonly #members: readonly Members[];
  #names: MemberNames | undefined;

  constructor(branch: Branch, solver: Solver) {
    this.#solver = solver;
    this.#branch = branch;
    this.#range = sizeRange(branch);
    this.#members = branch.holding.filter((atom) => atom.op === "members");
    this.#demands = branch.members
      .filter((demand) => demand.name === undefined)
      .toSorted((a, b) => b.nameClaims.length - a.nameClaims.length);
  }

  /** An object with the members that are asked for by name, completed in every way that could matter. */
  solve(): Outcome {
    const named = this.#named();
    if (named.size > this.#range.most) return NO_VALUE;
    let doubt: Outcome | undefined;
    for (const [name, claims] of named) {
      const member = this.#valueAt(name, claims);
      if (member.is === "none") return member;
      if (member.is === "unsure") doubt ??= member;
    }
    for (const name of named.keys()) {
      const allowed = this.#allNames().allows(name);
      if (allowed === false) return NO_VALUE;
      if (allowed === undefined) doubt ??= nameDoubt(name);
    }
    const outcome = doubt ?? this.#place(0, named);
    // One name stands for all of its sort, unless two demands each want something else of it.
    const isGuess = this.#demands.filter(({ nameClaims }) => nameClaims.length > 0).length > 1;
    return outcome.is === "none" && isGuess ? unsure("which name serves which demand could not be settled") : outcome;
  }

  /** The members that have a name already; those of which more is asked than to be there come first, as they fail first. */
  #named(): Map<string, readonly Claim[]> {
    const named = new Map<string, readonly Claim[]>();
    for (const { name, claims } of this.#branch.members) {
      if (name !== undefined) named.set(name, [...(named.get(name) ?? []), ...claims]);
    }
    for (const atom of this.#branch.holding) if (atom.op === "has" && !named.has(atom.name)) named.set(atom.name, []);
    return named;
  }

  /** Looked at only when every member that has a name can have a value: most branches end before. */
  #allNames(): MemberNames {
    return (this.#names ??= new MemberNames(this.#branch, this.#members, this.#solver));
  }

  /** Gives each demand from `index` on a name, in every way that could matter, and completes the object. */
  #place(index: number, chosen: Chosen): Outcome {
    this.#solver.budget.spend(1);
    const demand = this.#demands[index];
    if (demand === undefined) return this.#complete(chosen);
    return firstFound(this.#placements(demand, index, chosen));
  }

  *#placements(demand: MemberDemand, index: number, chosen: Chosen): Generator<Outcome> {
    for (const candidate of this.#allNames().candidates(demand, chosen.keys())) {
      if (typeof candidate !== "string") {
        yield candidate;
        continue;
      }
      const claims = [...(chosen.get(candidate) ?? []), ...demand.claims];
      const next = new Map(chosen).set(candidate, claims);
      if (next.size > this.#range.most) continue;
      const value = this.#valueAt(candidate, claims);
      yield value.is === "value" ? this.#place(index + 1, next) : value;
    }
  }

  #valueAt(name: string, claims: readonly Claim[]): Outcome {
    const all = [...claims];
    for (const members of this.#members) {
      const formulas = formulasFor(members, name);
      if (formulas === undefined) return nameDoubt(name);
      for (const formula of formulas) all.push({ formula, holds: true });
    }
    return this.#solver.solve(all);
  }

  /** Adds members until there are enough, and looks at what is ruled out as a whole. */
  #complete(chosen: Chosen): Outcome {
    if (this.#range.least > FILLED) return unsure("the objects that it takes are too large to write out");
    const filled = new Map(chosen);
    while (filled.size < this.#range.least) {
      const more = this.#anotherMember(filled);
      if (typeof more !== "string") return more;
      filled.set(more, []);
    }
    if (filled.size > this.#range.most) return NO_VALUE;
    const object = this.#build(filled);
    return object.is === "value" && this.#branch.isListed(object.value) ? this.#vary(filled) : object;
  }

  /** A name under which one more member can be there. */
  #anotherMember(present: Chosen): string | Outcome {
    let doubt: Outcome = NO_VALUE;
    for (const candidate of this.#allNames().candidates({ nameClaims: [], claims: [] }, present.keys())) {
      if (typeof candidate === "string" && present.has(candidate)) continue;
      const value = typeof candidate === "string" ? this.#valueAt(candidate, []) : candidate;
      if (typeof candidate === "string" && value.is === "value") return candidate;
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
    const object = Object.fromEntries(entries);
    if (this.#solver.scales.isTooHeavy(object)) return unsure("the objects that it takes are too large to write out");
    return found(object);
  }

  /** Another object than the ones that `enum` rules out: with one more member, or with another value for one. */
  #vary(chosen: Chosen): Outcome {
    for (const variant of this.#variants(chosen)) {
      const object = this.#build(variant);
      if (object.is === "value" && !this.#branch.isListed(object.value)) return object;
    }
    const isAlone = chosen.size === 0 && (this.#range.most === 0 || this.#anotherMember(chosen) === NO_VALUE);
    if (isAlone) return NO_VALUE;
    return unsure("whether an object exists beside those that enum lists could not be settled");
  }

  *#variants(chosen: Chosen): Generator<Chosen> {
    const changed = (name: string): Chosen => {
      const taken = this.#branch.listed.flatMap((value) =>
        isObject(value) && Object.hasOwn(value, name) ? [value[name]] : [],
      );
      const other: Claim = { formula: this.#solver.formulas.among(taken), holds: false };
      return new Map(chosen).set(name, [...(chosen.get(name) ?? []), other]);
    };
    for (const name of chosen.keys()) yield changed(name);
    if (chosen.size >= this.#range.most) return;
    for (const name of this.#allNames().candidates({ nameClaims: [], claims: [] }, chosen.keys())) {
      if (typeof name !== "string" || chosen.has(name)) continue;
      yield new Map(chosen).set(name, []);
      yield changed(name);
    }
  }
}
