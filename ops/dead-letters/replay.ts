/** Sends letters back to the consumers that gave them up. */
import { setTimeout as pause } from "node:timers/promises";
import { replayOf } from "@tandem/runtime/admin";
import { type Decision, notOpen, oneByOne, type Outcome, outcomeOf, perform, watchOthers } from "./act.ts";
import type { Letter } from "./letter.ts";
import { createPreparation, type System } from "./prepare.ts";
import { needTrail, type Trail } from "./trail.ts";

export interface ReplayOptions extends Decision {
  /** Replays a second at most. */
  readonly rate: number;
  /** Letters at most. All of them when absent. */
  readonly limit?: number | undefined;
  /** Aborting it ends the work after the letter that is in hand. */
  readonly signal?: AbortSignal;
  /** Called after each letter. */
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** The letters that a limit leaves, in the order in which they are sent: the one that failed first goes first. */
export function inOrder(letters: readonly Letter[], limit = Infinity): readonly Letter[] {
  return letters
    .toSorted((a, b) => a.latest.storedAt - b.latest.storedAt || a.latest.sequence - b.latest.sequence)
    .slice(0, limit);
}

/**
 * Replays letters one after the other. Ends early when the broker does not take one: the rest stays open, and
 * replaying them again goes on where this ended.
 *
 * @throws OpsError when there is no audit to write to
 */
export async function replay(
  system: System,
  letters: readonly Letter[],
  trail: Trail,
  { rate, limit, signal, onOutcome, ...decision }: ReplayOptions,
): Promise<readonly Outcome[]> {
  const { admin } = system;
  await needTrail(admin);
  const prepare = createPreparation(system);
  const faster = watchOthers(admin, trail);
  let due = performance.now();
  return oneByOne(
    inOrder(letters, limit),
    async (letter) => {
      const outcome = notOpen(letter, decision) ?? (await replayOne(letter));
      onOutcome?.(outcome);
      return outcome;
    },
    signal,
  );

  async function replayOne(letter: Letter): Promise<Outcome> {
    const prepared = await prepare(letter);
    if (prepared.kind === "invalid") return outcomeOf(letter, "invalid", `still invalid: ${prepared.why}`);
    if (prepared.kind === "impossible") return outcomeOf(letter, "impossible", `cannot be replayed: ${prepared.why}`);
    await pause(Math.max(0, due - performance.now()), undefined, { signal }).catch(() => undefined);
    due = Math.max(due, performance.now()) + 1_000 / rate;
    const other = await faster(letter);
    if (other !== undefined) return outcomeOf(letter, "done by another", `${other.kind} by ${other.by} just now`);
    const { subject, message } = prepared;
    return perform(
      admin,
      letter,
      { kind: "replayed", message: (order) => replayOf(message, subject, order) },
      decision,
    );
  }
}
