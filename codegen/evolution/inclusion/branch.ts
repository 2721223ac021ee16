import type { Pattern } from "../language/pattern.ts";
import { kindOfAtom, type Atom, type Claim, type Formula, type Members } from "./formula.ts";
import type { Kind } from "./json.ts";

/** A member that an object must have: of this name, or of any name that fits. */
export interface MemberDemand {
  readonly name?: string;
  /** A pattern that the name matches. */
  readonly within?: Pattern;
  /** The members atom whose names and patterns the name is none of. */
  readonly besides?: Members;
  /** What the name itself satisfies. */
  readonly nameClaims: readonly Claim[];
  readonly claims: readonly Claim[];
}

/** An item that an array must have: at this index, or at any from `from` on. */
export interface ItemDemand {
  readonly at?: number;
  readonly from: number;
  readonly claims: readonly Claim[];
}

/** One way to make a claim true. */
export interface Option {
  readonly claims: readonly Claim[];
  readonly member?: MemberDemand;
  readonly item?: ItemDemand;
}

/** A claim that holds in one of several ways, none of which is chosen yet. */
export interface Choice {
  readonly claim: Claim;
  readonly options: readonly Option[];
}

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
  #choices: Choice[] = [];
  readonly #decided: Map<number, boolean>;

  constructor(kind: Kind, decided: ReadonlyMap<number, boolean> = new Map()) {
    this.kind = kind;
    this.#decided = new Map(decided);
  }

  /** The open choices, each with the options that are not yet out of the question. */
  get choices(): readonly Choice[] {
    return this.#choices.map(({ claim, options }) => ({ claim, options: options.filter((option) => !this.#isDead(option)) }));
  }

  /** The branch in which an option of a choice is taken; undefined when that contradicts what is already asked. */
  taking(choice: Choice, option: Option): Branch | undefined {
    const next = new Branch(this.kind, this.#decided);
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
    const decided = this.#decided.get(formula.id);
    if (decided !== undefined) return decided === holds;
    this.#decided.set(formula.id, holds);
    switch (formula.op) {
      case "schema":
        return this.assume({ formula: formula.read(), holds });
      case "not":
        return this.assume({ formula: formula.part, holds: !holds });
      case "all":
      case "any":
        if ((formula.op === "all") === holds) return formula.parts.every((part) => this.assume({ formula: part, holds }));
        return this.#choose(
          claim,
          formula.parts.map((part) => ({ claims: [{ formula: part, holds }] })),
        );
      case "one":
        return this.#choose(claim, holds ? exactlyOne(formula.parts) : noneOrTwo(formula.parts));
      case "kinds":
        return formula.kinds.includes(this.kind) === holds;
      default:
        return this.#assumeAtom(formula, claim);
    }
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

  #isDead(option: Option): boolean {
    return option.claims.some(({ formula, holds }) => this.#known(formula) === !holds);
  }

  #isGiven(option: Option): boolean {
    if (option.member || option.item) return false;
    return option.claims.every(({ formula, holds }) => this.#known(formula) === holds);
  }

  /** Whether a formula is settled by the kind of value and by what was assumed, without looking far. */
  #known(formula: Formula): boolean | undefined {
    const decided = this.#decided.get(formula.id);
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

function exactlyOne(parts: readonly Formula[]): Option[] {
  return parts.map((_, chosen) => ({ claims: parts.map((formula, at) => ({ formula, holds: at === chosen })) }));
}

function noneOrTwo(parts: readonly Formula[]): Option[] {
  const options: Option[] = [{ claims: parts.map((formula) => ({ formula, holds: false })) }];
  for (const [at, formula] of parts.entries()) {
    for (const other of parts.slice(at + 1)) {
      options.push({ claims: [formula, other].map((part) => ({ formula: part, holds: true })) });
    }
  }
  return options;
}

/** The ways in which a value of the atom's kind can fail an atom that speaks about its parts; undefined for others. */
function waysToFail(atom: Atom): Option[] | undefined {
  const failing = (formula: Formula): Claim[] => [{ formula, holds: false }];
  switch (atom.op) {
    case "members": {
      const options: Option[] = [];
      const push = (formula: Formula, where: Partial<MemberDemand>): void => {
        if (!isTrue(formula)) options.push({ claims: [], member: { nameClaims: [], ...where, claims: failing(formula) } });
      };
      for (const [name, formula] of atom.named) push(formula, { name });
      for (const [within, formula] of atom.patterns) push(formula, { within });
      push(atom.rest, { besides: atom });
      return options;
    }
    case "names":
      return [{ claims: [], member: { nameClaims: failing(atom.name), claims: [] } }];
    case "items": {
      const options: Option[] = [];
      for (const [at, formula] of atom.prefix.entries()) {
        if (!isTrue(formula)) options.push({ claims: [], item: { at, from: at, claims: failing(formula) } });
      }
      if (!isTrue(atom.rest)) options.push({ claims: [], item: { from: atom.prefix.length, claims: failing(atom.rest) } });
      return options;
    }
    default:
      return undefined;
  }
}

function isTrue(formula: Formula): boolean {
  return formula.op === "all" && formula.parts.length === 0;
}
