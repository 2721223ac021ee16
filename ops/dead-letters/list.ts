/** What dead letters there are. */
import type { Totals } from "./add-up.ts";
import type { Letters } from "./read-letters.ts";
import { select, type Selection } from "./select.ts";
import { type GroupView, groupViews, type LetterView, letterView } from "./view.ts";

export interface Listed {
  /** Of all letters, whatever was chosen. */
  readonly totals: Totals;
  /** The largest first. */
  readonly groups: readonly GroupView[];
  /** The one that failed last first. */
  readonly letters: readonly LetterView[];
}

/**
 * The letters of a selection, and what they have in common.
 *
 * @throws OpsError when an id names no letter
 */
export function list({ letters, totals }: Letters, selection: Selection, reveal: boolean): Listed {
  const views = select(letters, selection).map((letter) => letterView(letter, reveal));
  return { totals, groups: groupViews(views), letters: views };
}
