/** What one round of a steward did, in lines. */
import { isInOrder, type FailedWalk, type StewardReport } from "./once.ts";
import type { Reconciled } from "./reconcile/reconciled.ts";
import type { RetainedService } from "./retention.ts";

/** The report for a terminal. */
export function reportText(report: StewardReport): string {
  const outcomes = Object.entries(report.advisories).map(([outcome, count]) => `${count} ${outcome.replace("_", " ")}`);
  const advisories = report.advisoryProblem ?? (outcomes.length === 0 ? "none waited" : outcomes.join(", "));
  return [
    `advisories: ${advisories}`,
    ...report.retained.map((service) => `history of ${service.service}: ${retainedText(service)}`),
    ...report.reconciled.flatMap(walkLines),
    isInOrder(report) ? "in order" : "not in order: see above",
  ].join("\n");
}

function retainedText({ done, problem }: RetainedService): string {
  if (done === undefined) return problem ?? "not looked at";
  const { made, dropped, deleted, attempts, postponed } = done;
  const later = postponed.map(({ partition, reason }) => `, ${partition} postponed: ${reason}`).join("");
  return `${made.length} weeks made, ${dropped.length} dropped, ${deleted + attempts} rows deleted${later}`;
}

function walkLines(result: Reconciled | FailedWalk): readonly string[] {
  if ("problem" in result) return [`${result.stream}: ${result.problem}`];
  const { stream, messages, rows, mended, found, missing, ghosts } = result;
  return [
    `${stream}: ${messages} messages beside ${rows} rows; ${mended} published again, ${found} found elsewhere, ${missing} missing`,
    ...ghosts.map(
      ({ subject, count, sequences }) =>
        `    ${count} of ${subject} that no service published, for example ${sequences.join(", ")}`,
    ),
  ];
}
