/** How much a version promises: which directions are asked for, and against what. */
import type { EventVersion } from "../model/model.ts";
import type { Compatibility } from "../spec/contract.ts";
import type { Direction } from "./change.ts";

/** `base`: the contract that is compared with. `stored`: every older one whose events may still be stored. */
export type Against = "base" | "stored";

const BOTH: readonly Direction[] = ["backward", "forward"];

const ASKED: Readonly<Record<Compatibility | "unsaid", Readonly<Record<Against, readonly Direction[]>>>> = {
  // Replicas of two releases run side by side, and a stored event is read by the newest of them.
  unsaid: { base: BOTH, stored: ["backward"] },
  NONE: { base: [], stored: [] },
  BACKWARD: { base: ["backward"], stored: [] },
  BACKWARD_TRANSITIVE: { base: ["backward"], stored: ["backward"] },
  FORWARD: { base: ["forward"], stored: [] },
  FORWARD_TRANSITIVE: { base: ["forward"], stored: ["forward"] },
  FULL: { base: BOTH, stored: [] },
  FULL_TRANSITIVE: { base: BOTH, stored: BOTH },
};

/** The directions that are asked for when a version changed. */
export function directionsAsked(before: EventVersion, after: EventVersion, against: Against): readonly Direction[] {
  // Nothing was ever published of a draft.
  if (before.state === "draft") return [];
  const asked = ASKED[after.compatibility ?? "unsaid"][against];
  // Nobody writes a retired version any more; what is stored of it is still read.
  return after.state === "retired" ? asked.filter((direction) => direction === "backward") : asked;
}

/** Whether a level promises less than another. */
export function isLower(before: Compatibility | undefined, after: Compatibility | undefined): boolean {
  const [was, is] = [ASKED[before ?? "unsaid"], ASKED[after ?? "unsaid"]];
  return (["base", "stored"] as const).some((against) =>
    was[against].some((direction) => !is[against].includes(direction)),
  );
}
