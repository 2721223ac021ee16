/** What replaying, editing and discarding have in common: nothing is done twice, and everything is written down. */
import { randomUUID } from "node:crypto";
import { TandemError } from "@tandem/runtime";
import type { Admin, OutgoingMessage, ReplayOrder } from "@tandem/runtime/admin";
import type { Action, ActionKind, Letter } from "./letter.ts";
import { readTrailSince, record, type Trail } from "./trail.ts";

/** Who acts, and why. */
export interface Decision {
  readonly by: string;
  readonly why: string;
  /** Acts on letters that somebody acted on already, too. */
  readonly again?: boolean;
}

/** What became of one letter. */
export interface Outcome {
  readonly letter: string;
  readonly eventId: string | undefined;
  readonly consumer: string;
  readonly outcome: ActionKind | "invalid" | "impossible" | "refused" | "not open" | "done by another" | "failed";
  /** The same in words. */
  readonly words: string;
  readonly replayId?: string;
}

/** Whether an outcome is what was asked for: done, by us or by somebody who was faster. */
export function isDone({ outcome }: Outcome): boolean {
  return ["replayed", "edited", "discarded", "done by another"].includes(outcome);
}

/** The outcome of a letter. */
export function outcomeOf(letter: Letter, outcome: Outcome["outcome"], words: string, replayId?: string): Outcome {
  const { eventId, durable } = letter.latest;
  const base = { letter: letter.id, eventId, consumer: durable, outcome, words };
  return replayId === undefined ? base : { ...base, replayId };
}

/** Says who was faster, when a letter was acted on since the letters were read; looks at the audit each time. */
export function watchOthers(admin: Admin, from: Trail): (letter: Letter) => Promise<Action | undefined> {
  let seen: Trail = { actions: [], lastSequence: from.lastSequence };
  return async ({ latest }) => {
    const { actions, lastSequence } = await readTrailSince(admin, seen);
    seen = { actions: [...seen.actions, ...actions], lastSequence };
    return seen.actions.find(({ stream, letter }) => stream === latest.stream && letter === latest.sequence);
  };
}

/** Why a letter is not acted on: somebody did already. */
export function notOpen(letter: Letter, { again = false }: Decision): Outcome | undefined {
  const last = letter.actions.at(-1);
  if (again || letter.state === "open" || last === undefined) return undefined;
  return outcomeOf(letter, "not open", `${last.kind} by ${last.by} at ${last.at} already: ${last.why}`);
}

/** Acts on letters one after the other, and ends early when the broker does not answer: the rest stays as it is. */
export async function oneByOne(
  letters: readonly Letter[],
  work: (letter: Letter) => Promise<Outcome>,
  signal?: AbortSignal,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const letter of letters) {
    if (signal?.aborted === true) break;
    const outcome = await work(letter).catch((error: unknown) => {
      if (error instanceof TandemError) return outcomeOf(letter, "failed", error.message);
      throw error;
    });
    outcomes.push(outcome);
    if (outcome.outcome === "failed") break;
  }
  return outcomes;
}

/** What is done to one letter: a message to its consumer, unless there is none to tell, and a line in the audit. */
export interface Deed {
  readonly kind: ActionKind;
  /** The message of an order, which has a fresh id. */
  readonly message: ((order: ReplayOrder) => OutgoingMessage) | undefined;
  readonly bodySha256?: string;
}

/**
 * Publishes, then writes down. A crash between the two leaves the letter open, and whoever replays it again does no
 * harm, because the service's inbox knows the event.
 */
export async function perform(
  admin: Admin,
  letter: Letter,
  { kind, message, bodySha256 }: Deed,
  { by, why }: Decision,
): Promise<Outcome> {
  const { stream, sequence, durable, eventId, fingerprint } = letter.latest;
  const order: ReplayOrder = { id: randomUUID(), of: sequence, by, why };
  try {
    if (message !== undefined) await admin.publish(message(order));
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    // Refused is this message, and not the next one.
    return outcomeOf(letter, error.code === "PUBLISH_REFUSED" ? "refused" : "failed", error.message);
  }
  const replayId = message === undefined ? undefined : order.id;
  const action: Action = {
    ...{ kind, stream, letter: sequence, consumer: durable, eventId, fingerprint, by, why },
    ...{ at: new Date().toISOString(), replayId, bodySha256 },
  };
  try {
    await record(admin, action);
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    const words = `${kind}, and it could not be written down, so that the letter stays open: ${error.message}`;
    return outcomeOf(letter, "failed", words, replayId);
  }
  return outcomeOf(letter, kind, kind === "discarded" ? "discarded" : `${kind} to ${durable}`, replayId);
}
