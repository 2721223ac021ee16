/** How a run ended that did not fail. */

/** Why an event cannot run now that its contract wants in order; see `KeyTurn`. */
export type OutOfTurn = "busy" | "early" | "behind";

export type RunOutcome =
  | "applied"
  /** The fact was applied before; the handler did not run. */
  | "duplicate"
  /** The process stops, and the handler had not started. */
  | "handed back"
  /** The handler had not started either. */
  | OutOfTurn;

const OUT_OF_TURN: ReadonlySet<string> = new Set<OutOfTurn>(["busy", "early", "behind"]);

/** Whether the event has to wait for the turn of its key. */
export function isOutOfTurn(outcome: string): outcome is OutOfTurn {
  return OUT_OF_TURN.has(outcome);
}

/** Whether it ended before the handler could start, so that it does not count. */
export function isNoRun(outcome: string): outcome is "handed back" | OutOfTurn {
  return outcome === "handed back" || isOutOfTurn(outcome);
}
