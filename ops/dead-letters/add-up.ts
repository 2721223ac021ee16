/** Whether nothing is lost between the streams and the lists. */
import type { Entry, Letter, LetterState } from "./letter.ts";

/** Letters by state, and what came in. */
export interface Totals extends Readonly<Record<LetterState, number>> {
  /** Letters that ever came in, counted from the entries. */
  readonly in: number;
  /** Entries, occurrences that is. */
  readonly entries: number;
  /** Whether in = open + replayed + discarded, and each entry is in exactly one letter. */
  readonly addsUp: boolean;
}

/**
 * Counts what came in by itself, from the entries, and compares: an event in two letters, or an entry in none, does
 * not add up.
 */
export function addUp(entries: readonly Entry[], letters: readonly Letter[]): Totals {
  const count = (state: LetterState): number => letters.filter((letter) => letter.state === state).length;
  const [open, replayed, discarded] = [count("open"), count("replayed"), count("discarded")];
  const places = entries.map(placeOf).toSorted();
  const listed = letters.flatMap((letter) => letter.entries.map(placeOf)).toSorted();
  const events = new Set(entries.flatMap((entry) => eventOf(entry) ?? []));
  const anonymous = letters.filter(({ latest }) => latest.eventId === undefined).length;
  const came = events.size + anonymous;
  const addsUp = came === open + replayed + discarded && places.join("\n") === listed.join("\n");
  return { in: came, open, replayed, discarded, entries: entries.length, addsUp };
}

function placeOf({ stream, sequence }: Entry): string {
  return `${stream} ${sequence}`;
}

function eventOf({ origin, service, channel, eventId }: Entry): string | undefined {
  return eventId === undefined ? undefined : JSON.stringify([origin, service, channel, eventId]);
}
