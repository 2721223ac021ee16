/** Work that is kept in hand while what it needs does not answer. */
import type { Clock } from "../clock.ts";
import { classify } from "../errors.ts";
import { FREE, type Turn } from "../pause/parking.ts";
import type { Random } from "./retry.ts";

/** How a hold goes on. */
export interface HoldOptions {
  readonly clock: Clock;
  /** Ends the hold: the error that caused it is thrown. */
  readonly stopping: AbortSignal;
  /** Called before each pause, with how long it lasts where that is known. */
  readonly onHold: (error: unknown, delayMs: number | undefined) => void;
  /** Where to wait for the end of what the error is about; undefined, or absent: a delay that grows. */
  readonly waitFor?: (error: unknown) => Promise<Turn> | undefined;
  /** Which errors are held for; those of class `unavailable` when absent. */
  readonly holdsFor?: (error: unknown) => boolean;
}

const FIRST_DELAY_MS = 250;
/** Short: it is what a recovery costs on top of the outage, and a try costs next to nothing. */
const LONGEST_DELAY_MS = 2_000;

/**
 * Runs until it succeeds or fails for a reason of its own. A failure because something is unavailable is
 * no answer: handing the delivery back would spend one of its attempts on somebody else's outage, so it
 * is kept (the broker is told that it is being worked on) and run again.
 */
export async function holdWhileUnavailable<R>(run: (round: number) => Promise<R>, options: HoldOptions): Promise<R> {
  const holdsFor = options.holdsFor ?? ((error) => classify(error) === "unavailable");
  let turn: Turn = FREE;
  try {
    for (let round = 0; ; round += 1) {
      try {
        return await run(round);
      } catch (error) {
        if (!holdsFor(error) || options.stopping.aborted) throw error;
        // It waits again before its turn is over, so that whoever gave the turn sees how it ended.
        const next = waitAgain(error, round, options);
        turn.over();
        turn = await next;
        if (options.stopping.aborted) throw error;
      }
    }
  } finally {
    turn.over();
  }
}

async function waitAgain(error: unknown, round: number, options: HoldOptions): Promise<Turn> {
  const turn = options.waitFor?.(error);
  const delayMs = turn === undefined ? holdDelay(round, Math.random) : undefined;
  options.onHold(error, delayMs);
  if (delayMs !== undefined) await options.clock.sleep(delayMs, options.stopping);
  return (await turn) ?? FREE;
}

/** Spread over the upper half of each step, so that what is held together does not come back together. */
function holdDelay(round: number, random: Random): number {
  const step = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** round);
  return Math.round(step * (0.5 + 0.5 * random()));
}
