import { codePoints } from "../json.ts";
import type { Language, Languages } from "./language.ts";
import { languageOf } from "./pattern-language.ts";
import { readPattern, UnsupportedPattern } from "./pattern-syntax.ts";

/** The longest string that a pattern with no language of its own is tried on: backtracking may take exponential time. */
const LONGEST_WITH_REPEATED_GROUPS = 12;

/**
 * A `pattern`: ECMA-262 with the `u` flag, found anywhere in the string.
 * Source: JSON Schema Core 2020-12, section 6.4 "Regular Expressions".
 */
export class Pattern {
  readonly source: string;
  /** The strings that match; undefined where the pattern is outside the subset that we can reason about. */
  readonly language: Language | undefined;
  readonly #languages: Languages;
  readonly #native: RegExp | undefined;

  constructor(source: string, languages: Languages) {
    this.source = source;
    this.#languages = languages;
    this.#native = compiled(source);
    this.language = this.#native && translated(source, languages);
  }

  /** Whether a string matches; undefined when that cannot be said, or not in bounded time. */
  matches(text: string): boolean | undefined {
    if (this.language !== undefined) return this.#languages.has(this.language, text);
    if (this.#native === undefined || codePoints(text) > longestFor(this.source)) return undefined;
    return this.#native.test(text);
  }
}

function compiled(source: string): RegExp | undefined {
  try {
    return new RegExp(source, "u");
  } catch {
    return undefined;
  }
}

function translated(source: string, languages: Languages): Language | undefined {
  try {
    return languageOf(readPattern(source), languages);
  } catch (error) {
    if (error instanceof UnsupportedPattern) return undefined;
    throw error;
  }
}

/** Keeps the native engine below about a million steps: its time grows as length to the power of the quantifiers. */
function longestFor(source: string): number {
  if (/\)[*+{]/.test(source)) return LONGEST_WITH_REPEATED_GROUPS;
  const quantifiers = source.match(/[*+{?]/g)?.length ?? 0;
  return Math.floor(10 ** (6 / (quantifiers + 1)));
}
