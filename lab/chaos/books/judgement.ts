/** Makes a verdict of one invariant, as `tandem verify` does. */
import { Tally, type Verdict } from "../../../ops/verify/verdict.ts";

/** Who judged what only a run from outside can know. */
const BY = "chaos";

/** As many violations as a verdict of a run names. */
export const NAMED = 200;

/** Judges one invariant: the work counts and complains. */
export function judgement(invariant: string, says: string, work: (tally: Tally) => void): Verdict {
  const tally = new Tally(NAMED);
  work(tally);
  const { checked, inFlight, notJudged, violations, examples } = tally;
  return { invariant, by: BY, says, checked, inFlight, notJudged, violations, examples };
}
