import type { Branch } from "./branch.ts";

/** How long a string or an array may be, or how many members an object may have; both ends included. */
export interface SizeRange {
  readonly least: number;
  readonly most: number;
}

/** The range that the size atoms of a branch leave; empty when `least` is above `most`. */
export function sizeRange({ kind, holding, failing }: Branch): SizeRange {
  let [least, most] = [0, Infinity];
  for (const atom of holding) {
    if (atom.op === "least" && atom.kind === kind) least = Math.max(least, atom.size);
    if (atom.op === "most" && atom.kind === kind) most = Math.min(most, atom.size);
  }
  for (const atom of failing) {
    if (atom.op === "least" && atom.kind === kind) most = Math.min(most, atom.size - 1);
    if (atom.op === "most" && atom.kind === kind) least = Math.max(least, atom.size + 1);
  }
  return { least, most };
}
