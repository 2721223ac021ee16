import type { Pattern } from "./language/pattern.ts";
import type { Atom, Claim, Formula, Members } from "./formula.ts";

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

/** The ways in which exactly one formula holds. */
export function exactlyOne(parts: readonly Formula[]): Option[] {
  return parts.map((_, chosen) => ({ claims: parts.map((formula, at) => ({ formula, holds: at === chosen })) }));
}

/** The ways in which a value of the atom's kind can fail an atom that speaks about its parts; undefined for others. */
export function waysToFail(atom: Atom): Option[] | undefined {
  const failing = (formula: Formula): Claim[] => [{ formula, holds: false }];
  switch (atom.op) {
    case "members": {
      const options: Option[] = [];
      const push = (formula: Formula, where: Partial<MemberDemand>): void => {
        if (!isTrue(formula))
          options.push({ claims: [], member: { nameClaims: [], ...where, claims: failing(formula) } });
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
      if (!isTrue(atom.rest))
        options.push({ claims: [], item: { from: atom.prefix.length, claims: failing(atom.rest) } });
      return options;
    }
    default:
      return undefined;
  }
}

function isTrue(formula: Formula): boolean {
  return formula.op === "all" && formula.parts.length === 0;
}
