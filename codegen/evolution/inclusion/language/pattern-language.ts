import type { Language, Languages } from "./language.ts";
import { UnsupportedPattern, type Syntax } from "./pattern-syntax.ts";

/** Where in the string a part of the pattern begins: `^` holds at the start only. */
type Place = "start" | "inside" | "unsure";

/** Above this many copies a repetition that holds an assertion is not written out. */
const UNROLLED = 3;

/**
 * The language of all strings in which a pattern finds a match, as `pattern` means it: unanchored.
 * Source: ECMA-262, section "Pattern Semantics"; JSON Schema Validation, section "pattern".
 *
 * @throws UnsupportedPattern where an anchor stands in a place that we cannot reason about
 */
export function languageOf(pattern: Syntax, languages: Languages): Language {
  const translator = new Translator(languages);
  const atStart = translator.before(pattern, languages.all, "start");
  const later = translator.before(pattern, languages.all, "inside");
  return languages.either(
    atStart,
    languages.sequence(languages.anyCharacter, languages.sequence(languages.all, later)),
  );
}

class Translator {
  readonly #languages: Languages;

  constructor(languages: Languages) {
    this.#languages = languages;
  }

  /** The strings that begin with a match of `syntax` and go on with a string of `next`. */
  before(syntax: Syntax, next: Language, place: Place): Language {
    const languages = this.#languages;
    switch (syntax.is) {
      case "set":
        return languages.sequence(languages.set(syntax.set), next);
      case "either":
        return languages.either(...syntax.parts.map((part) => this.before(part, next, place)));
      case "sequence":
        return this.#sequence(syntax.parts, next, place);
      case "repeat":
        return this.#repeat(syntax, next, place);
      case "start":
        if (place === "unsure") throw new UnsupportedPattern("^ after a part that may be empty");
        return place === "start" ? next : languages.none;
      case "end":
        return languages.both(languages.empty, next);
      case "look": {
        const ahead = this.before(syntax.of, languages.all, place);
        return languages.both(syntax.wanted ? ahead : languages.not(ahead), next);
      }
    }
  }

  #sequence(parts: readonly Syntax[], next: Language, place: Place): Language {
    const places: Place[] = [];
    let current = place;
    for (const part of parts) {
      places.push(current);
      const least = leastLength(part);
      if (least > 0) current = "inside";
      else if (current === "start" && !isAssertion(part)) current = "unsure";
    }
    return parts.reduceRight((rest, part, at) => this.before(part, rest, places[at] ?? "unsure"), next);
  }

  #repeat(syntax: Extract<Syntax, { is: "repeat" }>, next: Language, place: Place): Language {
    const { of, min, max } = syntax;
    const languages = this.#languages;
    if (!hasAssertion(of)) {
      return languages.sequence(languages.repeat(this.before(of, languages.empty, "unsure"), min, max), next);
    }
    if (max > UNROLLED) throw new UnsupportedPattern("an assertion that is repeated");
    let result = min === 0 ? next : languages.none;
    let tail = next;
    // The copies from the second on never stand at a known place.
    for (let copies = 1; copies <= max; copies++) {
      tail = copies === 1 ? this.before(of, next, max === 1 ? place : "unsure") : this.before(of, tail, "unsure");
      if (copies >= min) result = languages.either(result, tail);
    }
    return result;
  }
}

function leastLength(syntax: Syntax): number {
  switch (syntax.is) {
    case "set":
      return 1;
    case "sequence":
      return syntax.parts.reduce((sum, part) => sum + leastLength(part), 0);
    case "either":
      return Math.min(...syntax.parts.map(leastLength));
    case "repeat":
      return syntax.min * leastLength(syntax.of);
    default:
      return 0;
  }
}

/** Whether a part never consumes a character. */
function isAssertion(syntax: Syntax): boolean {
  if (syntax.is === "sequence" || syntax.is === "either") return syntax.parts.every(isAssertion);
  return syntax.is === "start" || syntax.is === "end" || syntax.is === "look";
}

function hasAssertion(syntax: Syntax): boolean {
  if (syntax.is === "sequence" || syntax.is === "either") return syntax.parts.some(hasAssertion);
  return syntax.is === "repeat" ? hasAssertion(syntax.of) : syntax.is !== "set";
}
