import type { Branch } from "./branch.ts";
import type { ItemDemand } from "./choice.ts";
import type { Atom, Claim, Formula } from "./formula.ts";
import { isArray } from "./json.ts";
import { firstFound, found, NO_VALUE, unsure, type Outcome } from "./outcome.ts";
import { sizeRange, type SizeRange } from "./size-range.ts";
import type { Solver } from "./solver.ts";

/** The most items that are written out. */
const LONGEST = 1_000;
/** The most items that are written out when all must differ. */
const LONGEST_UNIQUE = 200;
/** The most items that `minContains` may ask for. */
const PLACED = 32;

/** How many items are added to get past the arrays that `enum` rules out. */
const LENGTHENED = 3;

/** A demand that is placed; the demands of one `contains` stand at different indexes. */
interface Placed extends ItemDemand {
  readonly group?: Atom;
}

/** What is asked of each item beyond its own schema, by index. */
type Chosen = ReadonlyMap<number, readonly Placed[]>;

/** At most `most` items satisfy `item`. */
interface Cap {
  readonly item: Formula;
  readonly most: number;
}

/** An array that satisfies the atoms of a branch. Source: JSON Schema Core 2020-12, section 10.3.1; Validation, section 6.4. */
export function solveArray(branch: Branch, solver: Solver): Outcome {
  const search = new ArraySearch(branch, solver);
  if (!branch.failing.some((atom) => atom.op === "unique")) return search.place(0, new Map(), undefined);
  return firstFound(search.twins());
}

class ArraySearch {
  readonly #solver: Solver;
  readonly #branch: Branch;
  readonly #range: SizeRange;
  readonly #items: readonly { readonly prefix: readonly Formula[]; readonly rest: Formula }[];
  readonly #demands: readonly Placed[];
  readonly #caps: readonly Cap[];
  /** Items that no array may hold: those that satisfy one of these. */
  readonly #banned: readonly Formula[];
  readonly #isUnique: boolean;
  /** From here on all items are alike. */
  readonly #alikeFrom: number;
  readonly #isTooMuch: boolean;

  constructor(branch: Branch, solver: Solver) {
    this.#solver = solver;
    this.#branch = branch;
    this.#range = sizeRange(branch);
    this.#items = branch.holding.filter((atom) => atom.op === "items");
    this.#isUnique = branch.holding.some((atom) => atom.op === "unique");
    const wanted = branch.holding.filter((atom) => atom.op === "contains");
    const limited = branch.failing.filter((atom) => atom.op === "contains");
    this.#banned = limited.filter((atom) => atom.least === 1).map((atom) => atom.item);
    this.#caps = limited.filter((atom) => atom.least > 1).map((atom) => ({ item: atom.item, most: atom.least - 1 }));
    this.#isTooMuch = wanted.some((atom) => atom.least > PLACED);
    this.#demands = [
      ...branch.items,
      ...wanted.flatMap((atom) =>
        Array.from({ length: Math.min(atom.least, PLACED) }, () => ({
          from: 0,
          claims: [{ formula: atom.item, holds: true }],
          group: atom,
        })),
      ),
    ];
    const starts = branch.items.map((demand) => (demand.at === undefined ? demand.from : demand.at + 1));
    this.#alikeFrom = Math.max(0, ...this.#items.map(({ prefix }) => prefix.length), ...starts);
  }

  /** Tries every pair of indexes that may hold equal items. */
  *twins(): Generator<Outcome> {
    const last = this.#alikeFrom + 1;
    if (last > PLACED) yield unsure("too many items differ to look for equal ones");
    for (let left = 0; left < Math.min(last, PLACED); left++) {
      for (let right = left + 1; right <= last; right++) {
        yield this.place(
          0,
          new Map([
            [left, []],
            [right, []],
          ]),
          [left, right],
        );
      }
    }
  }

  /** Gives each demand from `index` on a place, in every way that could matter, and completes the array. */
  place(index: number, chosen: Chosen, twins: readonly [number, number] | undefined): Outcome {
    this.#solver.budget.spend(1);
    const demand = this.#demands[index];
    if (demand === undefined) return this.#complete(chosen, twins);
    return firstFound(this.#placements(demand, index, chosen, twins));
  }

  *#placements(
    demand: Placed,
    index: number,
    chosen: Chosen,
    twins: readonly [number, number] | undefined,
  ): Generator<Outcome> {
    if (this.#isTooMuch) yield unsure("the arrays that it takes are too long to write out");
    for (const at of this.#places(demand, chosen)) {
      const there = chosen.get(at) ?? [];
      if (at >= this.#range.most || there.some(({ group }) => group !== undefined && group === demand.group)) continue;
      const next = new Map(chosen).set(at, [...there, demand]);
      const value = this.#solver.solve(this.#claimsAt(at, next, twins));
      yield value.is === "value" ? this.place(index + 1, next, twins) : value;
    }
  }

  /** The indexes to try: those whose items have a schema of their own, those in use, and the next one. */
  #places(demand: Placed, chosen: Chosen): Set<number> {
    if (demand.at !== undefined) return new Set([demand.at]);
    const places = new Set<number>();
    for (let at = demand.from; at < this.#alikeFrom; at++) places.add(at);
    for (const at of chosen.keys()) if (at >= demand.from) places.add(at);
    places.add(Math.max(this.#alikeFrom, demand.from, ...[...chosen.keys()].map((at) => at + 1)));
    return places;
  }

  #claimsAt(at: number, chosen: Chosen, twins: readonly [number, number] | undefined): Claim[] {
    const claims: Claim[] = [];
    for (const index of twins?.includes(at) ? twins : [at]) {
      for (const { prefix, rest } of this.#items) claims.push({ formula: prefix[index] ?? rest, holds: true });
      for (const placed of chosen.get(index) ?? []) claims.push(...placed.claims);
    }
    for (const formula of this.#banned) claims.push({ formula, holds: false });
    return claims;
  }

  #complete(chosen: Chosen, twins: readonly [number, number] | undefined): Outcome {
    const length = Math.max(this.#range.least, ...[...chosen.keys()].map((at) => at + 1));
    if (length > this.#range.most) return NO_VALUE;
    if (length > (this.#isUnique ? LONGEST_UNIQUE : LONGEST))
      return unsure("the arrays that it takes are too long to write out");
    const array = this.#build(length, chosen, twins);
    if (array.is !== "value" || !this.#branch.isListed(array.value)) return array;
    return this.#beside(length, chosen, twins);
  }

  /** Another array than the ones that `enum` rules out: somewhat longer, or with one item changed. */
  #beside(length: number, chosen: Chosen, twins: readonly [number, number] | undefined): Outcome {
    for (let more = 0; more <= LENGTHENED && length + more <= this.#range.most; more++) {
      const array = this.#build(length + more, chosen, twins);
      if (array.is === "value" && !this.#branch.isListed(array.value)) return array;
      if (array.is === "none" && length === 0 && more === 1) return NO_VALUE;
      const varied = this.#vary(length + more, chosen, twins);
      if (varied !== undefined) return found(varied);
    }
    if (this.#range.most === 0) return NO_VALUE;
    return unsure("whether an array exists beside those that enum lists could not be settled");
  }

  #build(length: number, chosen: Chosen, twins: readonly [number, number] | undefined): Outcome {
    const left = this.#caps.map(({ most }) => most);
    const array: unknown[] = [];
    for (let at = 0; at < length; at++) {
      const claims = this.#claimsAt(at, chosen, twins);
      const item = twins?.[1] === at ? found(array[twins[0]]) : this.#item(claims, array, left);
      if (item.is !== "value") return item;
      array.push(item.value);
    }
    if (this.#solver.scales.isTooHeavy(array)) return unsure("the arrays that it takes are too long to write out");
    return found(array);
  }

  /** An item that spares the caps where it can, and differs from the items before it where they must all differ. */
  #item(claims: readonly Claim[], before: readonly unknown[], left: number[]): Outcome {
    const differing: Claim[] = this.#isUnique ? [{ formula: this.#solver.formulas.among(before), holds: false }] : [];
    const wanted = [...claims, ...differing];
    for (const [index, { item }] of this.#caps.entries()) {
      const spared = this.#solver.solve([...wanted, { formula: item, holds: false }]);
      if (spared.is === "unsure") return spared;
      if (spared.is === "value") wanted.push({ formula: item, holds: false });
      else if ((left[index] ?? 0) > 0) left[index] = (left[index] ?? 0) - 1;
      else
        return this.#caps.length === 1 && !this.#isUnique
          ? NO_VALUE
          : unsure("how the items share maxContains could not be settled");
    }
    const item = this.#solver.solve(wanted);
    if (item.is !== "none" || !this.#isUnique || before.length === 0) return item;
    // All items alike: those before have used up every value. Otherwise another order might have left one.
    const isAlike = this.#alikeFrom === 0 && this.#demands.length === 0 && this.#caps.length === 0;
    if (isAlike || this.#solver.solve(claims).is === "none") return NO_VALUE;
    return unsure("whether enough different items exist could not be settled");
  }

  #vary(length: number, chosen: Chosen, twins: readonly [number, number] | undefined): readonly unknown[] | undefined {
    for (let at = 0; at < Math.min(length, PLACED); at++) {
      const taken = this.#branch.listed.flatMap((value) => (isArray(value) && at < value.length ? [value[at]] : []));
      const other: Placed = { from: at, claims: [{ formula: this.#solver.formulas.among(taken), holds: false }] };
      const array = this.#build(length, new Map(chosen).set(at, [...(chosen.get(at) ?? []), other]), twins);
      if (array.is === "value" && isArray(array.value) && !this.#branch.isListed(array.value)) return array.value;
    }
    return undefined;
  }
}
