/** From what lies in the streams to letters: all that one service said about one event is one. */
import type { Action, Entry, Letter, LetterState } from "./letter.ts";

/**
 * The letters of entries and actions, both oldest first; the letter that failed last comes first.
 *
 * A letter is open until somebody acted on its latest entry. Which entry an action is about decides, and not which of
 * the two came later: a replay may have failed again before it was written down that somebody asked for it.
 */
export function mergeLetters(entries: readonly Entry[], actions: readonly Action[]): Letter[] {
  const replays = new Map(
    actions.flatMap((action) => (action.replayId === undefined ? [] : [[action.replayId, action]])),
  );
  const merged = new Map<string, { entries: Letter["entries"][number][]; actions: Action[] }>();
  const identities = new Map<string, string>();
  for (const entry of entries) {
    const replay = replays.get(entry.messageId.split(":").at(-1) ?? "");
    const identity = identityOf(entry) ?? (replay && identities.get(placeOf(replay.stream, replay.letter))) ?? "";
    const own = identity === "" ? placeOf(entry.stream, entry.sequence) : identity;
    identities.set(placeOf(entry.stream, entry.sequence), own);
    const letter = merged.get(own) ?? { entries: [], actions: [] };
    letter.entries.push({ ...entry, replayId: replay?.replayId });
    merged.set(own, letter);
  }
  for (const action of actions) {
    const letter = merged.get(identities.get(placeOf(action.stream, action.letter)) ?? "");
    // A stream that was made anew counts from 1 again: the sequence alone may be another letter's.
    if (letter?.entries.some(({ eventId }) => eventId === action.eventId)) letter.actions.push(action);
  }
  const several = new Set(entries.map(({ stream }) => stream)).size > 1;
  return [...merged.values()]
    .flatMap(({ entries, actions }): Letter[] => {
      const latest = entries.at(-1);
      if (latest === undefined) return [];
      const { stream, sequence } = latest;
      const id = several ? `${stream}:${sequence}` : String(sequence);
      return [{ id, state: stateOf(latest, actions), latest, entries, actions }];
    })
    .toSorted((a, b) => b.latest.storedAt - a.latest.storedAt || b.latest.sequence - a.latest.sequence);
}

function identityOf({ origin, service, channel, eventId }: Entry): string | undefined {
  return eventId === undefined ? undefined : JSON.stringify([origin, service, channel, eventId]);
}

function placeOf(stream: string, sequence: number): string {
  return `${stream} ${sequence}`;
}

function stateOf({ sequence }: Entry, actions: readonly Action[]): LetterState {
  const last = actions.findLast(({ letter }) => letter === sequence);
  if (last === undefined) return "open";
  return last.kind === "discarded" ? "discarded" : "replayed";
}
