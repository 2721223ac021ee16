/** I15: whether enough was looked at for a verdict to say anything, and nothing is left on its way. */
import { Tally, type Report, type Verdict } from "./verdict.ts";

/**
 * The report with a verdict of its liveness. Invariants hold of a system in which nothing happens, and of one that has
 * not come to rest much cannot be said yet.
 *
 * @param floor events that the streams hold at least
 */
export function withFloor(report: Report, floor: number): Report {
  const tally = new Tally();
  const of = (name: string): Verdict | undefined => report.verdicts.find(({ invariant }) => invariant === name);
  const { checked = 0, notJudged = 0 } = of("I6") ?? {};
  const moving = (of("I5")?.inFlight ?? 0) + (of("I7")?.inFlight ?? 0);
  tally.checked = checked + notJudged;
  if (tally.checked < floor) {
    tally.violate({ events: tally.checked, floor, why: "too few events to say anything" });
  }
  if (moving > 0) tally.violate({ moving, why: "events are still on their way" });
  const { inFlight, violations, examples } = tally;
  const verdict: Verdict = {
    ...{ invariant: "I15", by: "tandem", says: `at least ${floor} events, and none on its way` },
    ...{ checked: tally.checked, inFlight, notJudged: 0, violations, examples },
  };
  const after = report.verdicts.findIndex(({ invariant }) => invariant === "I16");
  return {
    ...report,
    holds: report.holds && violations === 0,
    verdicts: report.verdicts.toSpliced(after < 0 ? report.verdicts.length : after, 0, verdict),
  };
}
