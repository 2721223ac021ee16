/** Several runs as one table of Markdown: the one of docs/reliability.md. */
import type { Fault } from "./fault.ts";
import { lostOf, twiceOf, type Result } from "./result.ts";

const HEAD = [
  ...["seed", "verdict", "orders accepted", "confirmed", "events", "faults by kind", "delivered again"],
  ...["duplicates suppressed", "dead letters", "lost", "twice"],
];

/** A row for each run, and one with the sums. */
export function runsText(results: readonly Result[], faults: readonly Fault[]): string {
  const kindOf = new Map(faults.map(({ name, kind }) => [name, kind]));
  const rows = results.map(({ seed, outcome, figures, faults: done, verdicts }) => ({
    words: [String(seed), outcome],
    kinds: Object.entries(done).map(([name, times]) => [kindOf.get(name) ?? name, times] as const),
    numbers: [figures.accepted, figures.confirmed, figures.events],
    more: [figures.redelivered, figures.suppressed, figures.deadLetters, lostOf(verdicts), twiceOf(verdicts)],
  }));
  const passed = results.filter(({ outcome }) => outcome === "PASS").length;
  const all = {
    words: ["all", `${passed} of ${results.length} PASS`],
    kinds: rows.flatMap(({ kinds }) => kinds),
    numbers: sums(rows.map(({ numbers }) => numbers)),
    more: sums(rows.map(({ more }) => more)),
  };
  const lines = [...rows, all].map(({ words, kinds, numbers, more }) =>
    line([...words, ...numbers.map(String), kindsText(kinds), ...more.map(String)]),
  );
  return [line(HEAD), line(HEAD.map(() => "---")), ...lines].join("\n");
}

function kindsText(kinds: readonly (readonly [string, number])[]): string {
  const counts = new Map<string, number>();
  for (const [kind, times] of kinds) counts.set(kind, (counts.get(kind) ?? 0) + times);
  return [...counts]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([kind, times]) => `${times} ${kind}`)
    .join(", ");
}

function sums(rows: readonly (readonly number[])[]): readonly number[] {
  const [first = [], ...others] = rows;
  return first.map((number, place) => others.reduce((sum, row) => sum + (row[place] ?? 0), number));
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
