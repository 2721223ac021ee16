/** The verdict of a run for a terminal. */
import { formatTable } from "../demo/table.ts";
import { lostOf, twiceOf, type Result } from "./result.ts";

const EVIDENCE = 10;

export function resultText({ seed, minutes, outcome, figures, faults, liveness, verdicts }: Result): string {
  const rows = verdicts.map(({ invariant, by, says, checked, notJudged, violations }) => [
    violations === 0 ? "PASS" : "FAIL",
    invariant,
    by,
    says,
    ...[checked, notJudged, violations].map(String),
  ]);
  const broken = verdicts.filter(({ violations }) => violations > 0);
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const { accepted, confirmed, problems } = liveness;
  return [
    formatTable(["", "", "by", "what must hold", "checked", "not judged", "violations"], rows),
    "",
    ...broken.flatMap(({ invariant, by, says, examples, violations }) => [
      `✗ ${invariant} (${by}) ${says}`,
      ...examples.slice(0, EVIDENCE).map((evidence) => `    ${evidenceText(evidence)}`),
      ...(violations > EVIDENCE ? [`    and ${violations - Math.min(EVIDENCE, examples.length)} more`] : []),
    ]),
    `orders     ${figures.intended} sent, ${figures.accepted} accepted, ${figures.refused} refused, ${figures.unanswered} without an answer; ${figures.confirmed} confirmed, ${figures.cancelled} cancelled`,
    `events     ${figures.events} on the streams, ${figures.handled} handled, ${figures.redelivered} of them or of duplicates delivered again, ${figures.suppressed} duplicates suppressed, ${figures.held} held, ${figures.retried} retried`,
    `letters    ${figures.deadLetters} dead letters: ${figures.spoiled} of spoiled messages, ${figures.sentBack} sent back`,
    `faults     ${Object.entries(faults)
      .map(([name, times]) => (times === 1 ? name : `${times} × ${name}`))
      .join(", ")}`,
    `processes  ${figures.lives} lives; at rest ${(figures.drainedInMs / 1_000).toFixed(1)} s after the last order`,
    `liveness   ${percent(accepted.share)} accepted (undisturbed ${percent(accepted.undisturbed)}), ${percent(confirmed.share)} of them confirmed (undisturbed ${percent(confirmed.undisturbed)})`,
    ...problems.map((problem) => `✗ I15 ${problem}`),
    "",
    `${outcome}  seed ${seed}, ${minutes} min: lost ${lostOf(verdicts)}, twice ${twiceOf(verdicts)}`,
  ].join("\n");
}

function evidenceText({ why, ...rest }: Readonly<Record<string, unknown>>): string {
  const named = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
  return [...named, ...(typeof why === "string" ? [`— ${why}`] : [])].join("  ");
}
