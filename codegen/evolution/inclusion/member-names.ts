import { accepts, negated } from "./accepts.ts";
import type { Branch } from "./branch.ts";
import type { MemberDemand } from "./choice.ts";
import type { Formula, Members } from "./formula.ts";
import type { Pattern } from "./language/pattern.ts";
import { unsure, type Outcome } from "./outcome.ts";
import type { Solver } from "./solver.ts";

/** Above this many patterns, their 2^n combinations are too many to look for a name in each. */
const PATTERNS = 5;

/**
 * The names that members of an object may have. Names of which nothing is said differ only in the patterns that they
 * match: one name of each sort stands for all.
 */
export class MemberNames {
  readonly #solver: Solver;
  readonly #rules: readonly Formula[];
  readonly #forbidden: ReadonlySet<string>;
  /** Every name, and every pattern, that anything is said about. */
  readonly #spoken: ReadonlySet<string>;
  readonly #patterns: readonly Pattern[];

  constructor(branch: Branch, members: readonly Members[], solver: Solver) {
    this.#solver = solver;
    this.#rules = branch.holding.flatMap((atom) => (atom.op === "names" ? [atom.name] : []));
    this.#forbidden = new Set(branch.failing.flatMap((atom) => (atom.op === "has" ? [atom.name] : [])));
    const atoms = [...members, ...branch.members.flatMap(({ besides }) => besides ?? [])];
    this.#spoken = new Set([
      ...this.#forbidden,
      ...branch.holding.flatMap((atom) => (atom.op === "has" ? [atom.name] : [])),
      ...branch.members.flatMap(({ name }) => name ?? []),
      ...atoms.flatMap(({ named }) => [...named.keys()]),
    ]);
    this.#patterns = [
      ...new Set([
        ...atoms.flatMap(({ patterns }) => patterns.map(([pattern]) => pattern)),
        ...branch.members.flatMap(({ within }) => within ?? []),
      ]),
    ];
  }

  /** Whether a member may have this name. */
  allows(name: string): boolean | undefined {
    if (this.#forbidden.has(name)) return false;
    const allowed = this.#rules.map((rule) => accepts(rule, name));
    return allowed.includes(false) ? false : allowed.includes(undefined) ? undefined : true;
  }

  /** Names that a demand may take, one of each sort; a doubt where a name or a sort could not be settled. */
  *candidates(demand: MemberDemand, taken: Iterable<string>): Generator<string | Outcome> {
    const known = new Set([...this.#spoken, ...taken]);
    for (const name of known) {
      const [fits, allowed] = [fitsDemand(name, demand), this.allows(name)];
      if (fits === false || allowed === false) continue;
      yield fits && allowed ? name : nameDoubt(name);
    }
    if (this.#patterns.length > PATTERNS) yield unsure("too many patterns for names are in play");
    const patterns = this.#patterns.slice(0, PATTERNS);
    for (let combination = 0; combination < 2 ** patterns.length; combination++) {
      const matched = new Set(patterns.filter((_, at) => Math.floor(combination / 2 ** at) % 2 === 1));
      if (demand.within && !matched.has(demand.within)) continue;
      if (demand.besides?.patterns.some(([pattern]) => matched.has(pattern))) continue;
      const name = this.#fresh(known, matched, demand);
      if (name.is === "value" && typeof name.value === "string") yield name.value;
      else if (name.is === "unsure") yield name;
    }
  }

  /** A name beside the known ones that matches just these patterns. */
  #fresh(known: ReadonlySet<string>, matched: ReadonlySet<Pattern>, demand: MemberDemand): Outcome {
    const { formulas } = this.#solver;
    return this.#solver.solve([
      { formula: formulas.kinds(["string"]), holds: true },
      { formula: formulas.among([...known]), holds: false },
      ...this.#patterns.map((pattern) => ({ formula: formulas.pattern(pattern), holds: matched.has(pattern) })),
      ...this.#rules.map((formula) => ({ formula, holds: true })),
      ...demand.nameClaims,
    ]);
  }
}

/** The doubt about a member whose name may or may not match a pattern. */
export function nameDoubt(name: string): Outcome {
  return unsure(`what is asked of a member named ${JSON.stringify(name)} could not be settled`);
}

function fitsDemand(name: string, { within, besides, nameClaims }: MemberDemand): boolean | undefined {
  if (besides?.named.has(name)) return false;
  const tests = [
    ...(within ? [within.matches(name)] : []),
    ...(besides?.patterns ?? []).map(([pattern]) => negated(pattern.matches(name))),
    ...nameClaims.map(({ formula, holds }) => (holds ? accepts(formula, name) : negated(accepts(formula, name)))),
  ];
  if (tests.includes(false)) return false;
  return tests.includes(undefined) ? undefined : true;
}
