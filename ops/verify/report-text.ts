/** A report for a terminal. */
import { printable } from "../dead-letters/body.ts";
import type { Evidence, Report, Verdict } from "./verdict.ts";

const HEAD = ["", "invariant", "by", "checked", "in flight", "not judged", "violations"];

/** A table of all invariants, and below it what is wrong, with what shows it. */
export function reportText({ at, contract, holds, verdicts }: Report): string {
  const broken = verdicts.filter(({ violations }) => violations > 0);
  const rows = verdicts.map((verdict) => [
    verdict.violations === 0 ? "✓" : "✗",
    `${verdict.invariant} ${verdict.says}`,
    verdict.by,
    ...[verdict.checked, verdict.inFlight, verdict.notJudged, verdict.violations].map(String),
  ]);
  return printable(
    [
      `${contract}  ${at}`,
      "",
      ...table([HEAD, ...rows]),
      ...broken.flatMap(brokenLines),
      "",
      holds ? "all hold" : `${broken.length} do not hold; docs/verify.md says what each means, and what to do`,
    ].join("\n"),
  );
}

function brokenLines({ invariant, by, violations, examples }: Verdict): readonly string[] {
  const more = violations - examples.length;
  return [
    "",
    `✗ ${invariant} (${by})`,
    ...examples.map((evidence) => `    ${inWords(evidence)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

function inWords(evidence: Evidence): string {
  const { why, ...rest } = evidence;
  const known = Object.entries(rest).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const places = known.map(([name, value]) => `${name} ${textOf(value)}`);
  return [...places, ...(why === undefined ? [] : [`${places.length === 0 ? "" : "— "}${textOf(why)}`])].join("  ");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Columns of equal width; numbers to the right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column > 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}
