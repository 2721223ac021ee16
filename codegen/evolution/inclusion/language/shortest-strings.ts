import type { Budget } from "../budget.ts";
import { LAST_CODE_POINT } from "./code-point-set.ts";
import type { Language, Languages } from "./language.ts";

/** How many states a search may see before it gives up: enough for every pattern of a contract that we met. */
export const MANY_STATES = 2_000;
/** How many languages a search may build on its way, for each state that it may see. */
const LANGUAGES_PER_STATE = 10;

/** What a reader of a witness likes to see, best first. */
const PLEASANT = Array.from("a0A1b-_. ", (character) => character.codePointAt(0) ?? 0);

/** How a search for strings ended: `exhausted` means that the language holds no string that was not yielded in kind. */
export type SearchEnd = "exhausted" | "gave up";

interface State {
  readonly language: Language;
  readonly from: State | undefined;
  readonly by: number;
}

/**
 * Yields strings of a language, shortest first, one for each way in which its automaton can accept.
 * A language for which it yields nothing and returns `exhausted` is empty.
 */
export function* shortestStrings(
  language: Language,
  languages: Languages,
  budget: Budget,
  states = MANY_STATES,
): Generator<string, SearchEnd> {
  const seen = new Set([language]);
  const limit = languages.size + states * LANGUAGES_PER_STATE;
  const queue: State[] = [{ language, from: undefined, by: 0 }];
  for (const state of queue) {
    if (state.language.nullable) yield spell(state);
    for (const codePoint of representatives(languages.starts(state.language))) {
      budget.spend(1);
      const next = languages.derive(state.language, codePoint);
      if (next === languages.none || seen.has(next)) continue;
      if (seen.size >= states || languages.size >= limit) return "gave up";
      seen.add(next);
      queue.push({ language: next, from: state, by: codePoint });
    }
  }
  return "exhausted";
}

/** One code point for each stretch between two neighbouring starts, the pleasant ones first. */
function representatives(starts: readonly number[]): number[] {
  const picked = starts.map((low, at) => {
    const high = (starts[at + 1] ?? LAST_CODE_POINT + 1) - 1;
    return PLEASANT.find((point) => point >= low && point <= high) ?? (low <= 0x20 && high > 0x20 ? 0x21 : low);
  });
  return picked.sort((a, b) => pleasantness(a) - pleasantness(b)).filter((point) => point <= LAST_CODE_POINT);
}

function pleasantness(point: number): number {
  const rank = PLEASANT.indexOf(point);
  if (rank >= 0) return rank;
  return point > 0x20 && point < 0x7f ? PLEASANT.length : PLEASANT.length + 1;
}

function spell(state: State): string {
  const characters: string[] = [];
  for (let at = state; at.from !== undefined; at = at.from) characters.push(String.fromCodePoint(at.by));
  return characters.reverse().join("");
}
