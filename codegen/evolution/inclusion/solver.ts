import type { Languages } from "./language/language.ts";
import { accepts, satisfies } from "./accepts.ts";
import { solveArray } from "./array-solver.ts";
import { Branch } from "./branch.ts";
import type { Budget } from "./budget.ts";
import type { Choice } from "./choice.ts";
import type { Claim, Formula, Formulas } from "./formula.ts";
import { kindOf, KINDS, keyOf, type Kind } from "./json.ts";
import { solveNumber } from "./number-solver.ts";
import { solveObject } from "./object-solver.ts";
import { firstFound, found, NO_VALUE, unsure, type Outcome } from "./outcome.ts";
import { solveString } from "./string-solver.ts";
import { Scales } from "./weight.ts";

/** What one branch costs beside its atoms, in steps of the cheapest work: a transition of an automaton. */
const SPLIT = 10;

/**
 * Looks for a value that makes claims true, or shows that there is none.
 *
 * Each kind of value is tried by itself: claims about the other kinds dissolve. What must hold in every case is handed
 * to the solver of that kind, which builds a value or refutes it; the value then says which of the open choices it
 * misses, and only such a choice is split. A goal that comes up again below itself is taken to have no value there:
 * of the finite values that satisfy a goal, a smallest one holds no smaller one inside.
 *
 * The method follows "Witness Generation for JSON Schema" (Attouche, Baazizi, Colazzo, Ghelli, Sartiani, Scherzinger;
 * VLDB 2022) in its idea, and splits lazily where that builds a normal form first.
 */
export class Solver {
  readonly formulas: Formulas;
  readonly languages: Languages;
  readonly budget: Budget;
  readonly scales = new Scales();
  readonly #settled = new Map<string, Outcome>();
  /** Goals being worked on, by how deep they lie. */
  readonly #open = new Map<string, number>();
  /** Goals without a value as long as the open goal at the given depth has none. */
  readonly #assumed = new Map<string, number>();
  /** The shallowest open goal that the current refutation leans on. */
  #leansOn = Infinity;

  constructor(formulas: Formulas, languages: Languages, budget: Budget) {
    this.formulas = formulas;
    this.languages = languages;
    this.budget = budget;
  }

  /** A value for which every claim holds. */
  solve(claims: readonly Claim[]): Outcome {
    const key = [...new Set(claims.map(({ formula, holds }) => (holds ? formula.id : -formula.id - 1)))]
      .toSorted((a, b) => a - b)
      .join();
    const settled = this.#settled.get(key);
    if (settled !== undefined) return settled;
    const leaning = this.#open.get(key) ?? this.#assumed.get(key);
    if (leaning !== undefined) {
      this.#leansOn = Math.min(this.#leansOn, leaning);
      return NO_VALUE;
    }
    const depth = this.#open.size;
    const before = this.#leansOn;
    const assumedBefore = this.#assumed.size;
    this.#open.set(key, depth);
    this.#leansOn = Infinity;
    const outcome = firstFound(this.#kinds(claims));
    this.#open.delete(key);
    if (outcome.is !== "none") this.#forget(assumedBefore);
    else if (this.#leansOn < depth) {
      this.#assumed.set(key, this.#leansOn);
      this.#leansOn = Math.min(before, this.#leansOn);
      return outcome;
    } else this.#keep(assumedBefore);
    this.#leansOn = before;
    this.#settled.set(key, outcome);
    return outcome;
  }

  *#kinds(claims: readonly Claim[]): Generator<Outcome> {
    for (const kind of KINDS) {
      const branch = new Branch(kind, this.formulas);
      if (claims.every((claim) => branch.assume(claim))) yield this.#search(branch, claims);
    }
  }

  #search(branch: Branch, claims: readonly Claim[]): Outcome {
    this.budget.spend(SPLIT + branch.holding.length / 8);
    const outcome = this.#solveKind(branch, claims);
    if (outcome.is === "none") return outcome;
    const verified = outcome.is === "value" ? satisfies(claims, outcome.value) : undefined;
    if (verified === true) return outcome;
    const choice = nextChoice(branch, outcome);
    if (choice === undefined) return unsure(doubtOf(branch, outcome));
    return firstFound(this.#ways(branch, choice, claims, outcome));
  }

  *#ways(branch: Branch, choice: Choice, claims: readonly Claim[], outcome: Outcome): Generator<Outcome> {
    const { formula, holds } = choice.claim;
    const options =
      formula.op === "one" && !holds
        ? branch.waysToFailOne(formula.parts, pivotOf(formula.parts, outcome))
        : choice.options;
    for (const option of options) {
      const next = branch.taking(choice, option);
      if (next !== undefined) yield this.#search(next, claims);
    }
  }

  #solveKind(branch: Branch, claims: readonly Claim[]): Outcome {
    const listed = branch.holding.find((atom) => atom.op === "among");
    if (listed !== undefined) return this.#oneOf(listed.values, branch.kind, claims);
    switch (branch.kind) {
      case "null":
        return unlisted([null], branch);
      case "boolean":
        return unlisted([true, false], branch);
      case "number":
        return solveNumber(branch);
      case "string":
        return solveString(branch, this);
      case "array":
        return solveArray(branch, this);
      case "object":
        return solveObject(branch, this);
    }
  }

  /** The listed value that satisfies the claims; with a finite list the answer is final. */
  #oneOf(values: readonly unknown[], kind: Kind, claims: readonly Claim[]): Outcome {
    this.budget.spend(values.length);
    let doubt: Outcome = NO_VALUE;
    for (const value of values) {
      if (kindOf(value) !== kind) continue;
      const fits = satisfies(claims, value);
      if (fits === true) return found(value);
      if (fits === undefined) doubt = unsure(`whether ${excerpt(value)} is accepted depends on the validator`);
    }
    return doubt;
  }

  #forget(from: number): void {
    for (const key of [...this.#assumed.keys()].slice(from)) this.#assumed.delete(key);
  }

  #keep(from: number): void {
    for (const key of [...this.#assumed.keys()].slice(from)) {
      this.#assumed.delete(key);
      this.#settled.set(key, NO_VALUE);
    }
  }
}

function excerpt(value: unknown): string {
  const text = keyOf(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

/** The first value of a finite kind that no `enum` rules out. */
function unlisted(values: readonly unknown[], branch: Branch): Outcome {
  const left = values.filter((value) => !branch.isListed(value));
  return left.length > 0 ? found(left[0]) : NO_VALUE;
}

/**
 * The choice to split, of those that the value at hand misses: what leaves one way or none, then alternatives that
 * must hold (a writer's, as a rule) before things that must fail, then the narrowest.
 */
function nextChoice(branch: Branch, outcome: Outcome): Choice | undefined {
  const { choices } = branch;
  const missed =
    outcome.is === "value"
      ? choices.filter(({ claim }) => accepts(claim.formula, outcome.value) !== claim.holds)
      : choices;
  const rank = ({ claim, options }: Choice): number => (options.length < 2 ? 0 : claim.holds ? 1 : 2);
  let best: Choice | undefined;
  for (const choice of missed.length > 0 ? missed : choices) {
    const live = branch.live(choice);
    if (best === undefined || rank(live) < rank(best)) best = live;
    else if (rank(live) === rank(best) && live.options.length < best.options.length) best = live;
    if (live.options.length < 2) break;
  }
  return best;
}

/** The part of a failing `oneOf` by which to split: the one that the value at hand satisfies. */
function pivotOf(parts: readonly Formula[], outcome: Outcome): number {
  const at = outcome.is === "value" ? parts.findIndex((part) => accepts(part, outcome.value) === true) : 0;
  return Math.max(at, 0);
}

function doubtOf(branch: Branch, outcome: Outcome): string {
  const atom = [...branch.holding, ...branch.failing].find((candidate) => candidate.op === "unknown");
  if (atom?.op === "unknown") return atom.why;
  return outcome.is === "unsure" ? outcome.why : "validators may differ on the value that would show it";
}
