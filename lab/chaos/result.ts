/** What a run found, as data: `verdict.json`. */
import type { Verdict } from "../../ops/verify/verdict.ts";
import type { Liveness } from "./books/liveness.ts";
import type { LogCounts } from "./log-counts.ts";

/**
 * - `PASS`: everything was tried, and everything holds
 * - `FAIL`: something does not hold
 * - `INVALID`: nothing was found, and too little happened for that to mean anything
 */
export type Outcome = "PASS" | "FAIL" | "INVALID";

export interface Figures extends LogCounts {
  readonly intended: number;
  readonly accepted: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly confirmed: number;
  readonly cancelled: number;
  /** Messages on the streams of events. */
  readonly events: number;
  readonly deadLetters: number;
  /** Dead letters of messages that the run spoiled. */
  readonly spoiled: number;
  /** Dead letters that were sent back when all was well again. */
  readonly sentBack: number;
  /** Lives of processes. */
  readonly lives: number;
  /** From the end of the orders to rest, milliseconds. */
  readonly drainedInMs: number;
}

export interface Result {
  readonly seed: number;
  readonly minutes: number;
  readonly outcome: Outcome;
  readonly figures: Figures;
  /** How often each fault was done. */
  readonly faults: Readonly<Record<string, number>>;
  readonly liveness: Liveness;
  readonly verdicts: readonly Verdict[];
}

/** What verdicts and liveness make of a run. What does not hold does not, however little happened. */
export function outcomeOf(verdicts: readonly Verdict[], { problems }: Pick<Liveness, "problems">): Outcome {
  if (verdicts.some(({ violations }) => violations > 0)) return "FAIL";
  return problems.length > 0 ? "INVALID" : "PASS";
}

/** Events that are neither where they belong nor accounted for. */
export function lostOf(verdicts: readonly Verdict[]): number {
  return violationsOf(verdicts, ["I1", "I5", "I7", "I10"]);
}

/** Effects that happened more than once. */
export function twiceOf(verdicts: readonly Verdict[]): number {
  return violationsOf(verdicts, ["I3", "I4", "I8"]);
}

function violationsOf(verdicts: readonly Verdict[], names: readonly string[]): number {
  return verdicts.reduce((sum, { invariant, violations }) => sum + (names.includes(invariant) ? violations : 0), 0);
}
