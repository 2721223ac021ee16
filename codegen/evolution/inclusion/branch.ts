import { exactlyOne, waysToFail, type Choice, type ItemDemand, type MemberDemand, type Option } from "./choice.ts";
import { kindOfAtom, type Atom, type Claim, type Formula, type Formulas } from "./formula.ts";
import { keyOf, type Kind } from "./json.ts";

/**
 * What is asked of a value of one kind: atoms that hold or do not, members and items that must be there, and choices
 * that are still open. Claims about other kinds have dissolved.
 */
export class Branch {
  readonly kind: Kind;
  readonly holding: Atom[] = [];
  readonly failing: Atom[] = [];
  readonly members: MemberDemand[] = [];
  readonly items: ItemDemand[] = [];
  readonly #formulas: Formulas;
  #choices: Choice[] = [];
  /** What this branch settles beyond the branch that it was split from. */
  readonly #decided = new Map<number, boolean>();
  readonly #parent: Branch | undefined;

  constructor(kind: Kind, formulas: Formulas, parent?: Branch) {
    this.kind = kind;
    this.#formulas = formulas;
    this.#parent = parent;
  }

  /** The atoms as claims, without those that no value can be made for. */
  get literals(): Claim[] {
    return [
      ...this.holding.map((formula) => ({ formula, holds: true })),
      ...this.failing.map((formula) => ({ formula, holds: false })),
    ].filter(({ formula }) => formula.op !== "unknown");
  }

  /** The values that a failing `enum` rules out one by one. */
  get listed(): unknown[] {
    return this.failing.flatMap((atom) => (atom.op === "among" ? atom.values : []));
  }

  isListed(value: unknown): boolean {
    return this.failing.some((atom) => atom.op === "among" && atom.keys.has(keyOf(value)));
  }

  /** The choices that are still open. */
  get choices(): readonly Choice[] {
    return this.#choices;
  }

  /** The options of a choice that are not out of the question by now. */
  live({ claim, options }: Choice): Choice {
    return { claim, options: options.filter((option) => !this.#isDead(option)) };
  }

  /** The branch in which an option of a choice is taken; undefined when that contradicts what is already asked. */
  taking(choice: Choice, option: Option): Branch | undefined {
    const next = new Branch(this.kind, this.#formulas, this);
    next.holding.push(...this.holding);
    next.failing.push(...this.failing);
    next.members.push(...this.members, ...(option.member ? [option.member] : []));
    next.items.push(...this.items, ...(option.item ? [option.item] : []));
    next.#choices = this.#choices.filter(({ claim }) => claim !== choice.claim);
    return option.claims.every((claim) => next.assume(claim)) ? next : undefined;
  }

  /** Adds a claim; false when it contradicts what is already asked. */
  assume(claim: Claim): boolean {
    const { formula, holds } = claim;
    const decided = this.#decision(formula);
    if (decided !== undefined) return decided === holds;
    this.#decided.set(formula.id, holds);
    switch (formula.op) {
      case "schema":
        return this.assume({ formula: formula.read(), holds });
      case "not":
        return this.assume({ formula: formula.part, holds: !holds });
      case "all":
      case "any":
        if ((formula.op === "all") === holds)
          return formula.parts.every((part) => this.assume({ formula: part, holds }));
        return this.#choose(
          claim,
          formula.parts.map((part) => ({ claims: [{ formula: part, holds }] })),
        );
      case "one":
        return this.#choose(claim, holds ? exactlyOne(formula.parts) : this.waysToFailOne(formula.parts, 0));
      case "kinds":
        return formula.kinds.includes(this.kind) === holds;
      default:
        return this.#assumeAtom(formula, claim);
    }
  }

  /** A `oneOf` fails when one part holds and another too, or when it does not hold and the others fail as a `oneOf`. */
  waysToFailOne(parts: readonly Formula[], pivot: number): Option[] {
    const others = parts.filter((_, at) => at !== pivot);
    const formula = parts[pivot] ?? this.#formulas.false;
    return [
      {
        claims: [
          { formula, holds: true },
          { formula: this.#formulas.any(others), holds: true },
        ],
      },
      {
        claims: [
          { formula, holds: false },
          { formula: this.#formulas.one(others), holds: false },
        ],
      },
    ];
  }

  #assumeAtom(atom: Atom, claim: Claim): boolean {
    const about = kindOfAtom(atom);
    if (about !== undefined && about !== this.kind) return claim.holds;
    if (claim.holds) {
      this.holding.push(atom);
      return true;
    }
    this.failing.push(atom);
    const options = waysToFail(atom);
    return options === undefined || this.#choose(claim, options);
  }

  #choose(claim: Claim, options: readonly Option[]): boolean {
    const live = options.filter((option) => !this.#isDead(option));
    const [only] = live;
    if (only === undefined) return false;
    if (live.length > 1 || only.member || only.item) {
      if (!live.some((option) => this.#isGiven(option))) this.#choices.push({ claim, options: live });
      return true;
    }
    return only.claims.every((inner) => this.assume(inner));
  }

  #decision(formula: Formula): boolean | undefined {
    const decided = this.#decided.get(formula.id);
    return decided === undefined && this.#parent !== undefined ? this.#parent.#decision(formula) : decided;
  }

  #isDead(option: Option): boolean {
    return option.claims.some(({ formula, holds }) => this.#known(formula) === !holds);
  }

  #isGiven(option: Option): boolean {
    if (option.member || option.item) return false;
    return option.claims.every(({ formula, holds }) => this.#known(formula) === holds);
  }

  /** Whether a formula is settled by the kind of value and by what was assumed, without looking far. */
  #known(formula: Formula): boolean | undefined {
    const decided = this.#decision(formula);
    if (decided !== undefined) return decided;
    switch (formula.op) {
      case "kinds":
        return formula.kinds.includes(this.kind);
      case "not": {
        const part = this.#known(formula.part);
        return part === undefined ? undefined : !part;
      }
      case "all":
      case "any": {
        const parts = formula.parts.map((part) => this.#known(part));
        const zero = formula.op === "any";
        if (parts.includes(zero)) return zero;
        return parts.includes(undefined) ? undefined : !zero;
      }
      case "one":
      case "schema":
        return undefined;
      default: {
        const about = kindOfAtom(formula);
        return about !== undefined && about !== this.kind ? true : undefined;
      }
    }
  }
}
