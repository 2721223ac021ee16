/** Finds which property that came is one that went, under a new name. */
import { ALIKE, isAsCertain, nameLikeness, shapeLikeness } from "./likeness.ts";
import type { PropertyShape } from "./shape.ts";

export interface Rename {
  readonly from: PropertyShape;
  readonly to: PropertyShape;
  readonly unsure?: string;
}

interface Candidate {
  readonly from: PropertyShape;
  readonly to: PropertyShape;
  readonly name: number;
  readonly shape: number;
}

/** The likeliest pairs; each property is in one at most. */
export function pairRenames(gone: ReadonlySet<PropertyShape>, come: ReadonlySet<PropertyShape>): Rename[] {
  const candidates = [...gone].flatMap((from) =>
    [...come].map((to): Candidate => ({
      from,
      to,
      name: nameLikeness(from.name, to.name),
      shape: shapeLikeness(from.shape, to.shape),
    })),
  );
  const possible = candidates
    .filter(({ shape }) => shape > 0)
    .toSorted((a, b) => b.name + b.shape - (a.name + a.shape));
  const renames: Rename[] = [];
  const taken = new Set<PropertyShape>();
  const take = ({ from, to, name, shape }: Candidate, why: string): void => {
    taken.add(from).add(to);
    renames.push({ from, to, ...(name >= 0.75 && shape >= 0.75 ? {} : { unsure: why }) });
  };
  for (const candidate of possible) {
    if (taken.has(candidate.from) || taken.has(candidate.to) || candidate.name < ALIKE) continue;
    take(candidate, "the names are only alike");
  }
  // Names that say nothing: the only two left that could be each other.
  const left = possible.filter(({ from, to }) => !taken.has(from) && !taken.has(to) && isAsCertain(from, to));
  for (const candidate of left) {
    const rivals = left.filter(({ from, to }) => from === candidate.from || to === candidate.to);
    if (rivals.length === 1) take(candidate, "only the type says so");
  }
  return renames;
}
