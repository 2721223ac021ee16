import { formatLanguage, formatSamples, isFormatWithin } from "./language/formats.ts";
import type { Language } from "./language/language.ts";
import { MANY_STATES, shortestStrings } from "./language/shortest-strings.ts";
import { satisfies } from "./accepts.ts";
import type { Branch } from "./branch.ts";
import type { Claim } from "./formula.ts";
import { codePoints } from "./json.ts";
import { found, NO_VALUE, unsure, type Outcome } from "./outcome.ts";
import { sizeRange, type SizeRange } from "./size-range.ts";
import type { Solver } from "./solver.ts";

/** The longest string that is written out as a witness, in code points. */
const LONGEST = 100_000;
/** How many strings of a language are tried when not everything that is asked could be put into the language. */
const TRIED = 200;
/** How far a search goes that can find a string but prove nothing. */
const FEW_STATES = 100;

/** A string that satisfies the atoms of a branch. Source: JSON Schema Validation 2020-12, sections 6.3 and 7. */
export function solveString(branch: Branch, solver: Solver): Outcome {
  const range = sizeRange(branch);
  if (range.least > range.most) return NO_VALUE;
  if (range.least > LONGEST) return unsure("the strings that it takes are too long to write out");
  const listed = branch.listed.filter((value) => typeof value === "string");
  const atoms = [...branch.holding, ...branch.failing];
  if (!atoms.some((atom) => atom.op === "pattern" || atom.op === "format"))
    return unlistedString(range, new Set(listed));
  if (isFormatRefuted(branch)) return NO_VALUE;
  const claims = branch.literals;
  if (atoms.some((atom) => atom.op === "format")) {
    for (const sample of formatSamples()) if (satisfies(claims, sample) === true) return found(sample);
  }
  return searched(searchFor(branch, range.least, listed, solver), range.most, claims, solver);
}

/** Strings come shortest first, so the one that is too long ends the search as an empty language does. */
function searched(search: Search, most: number, claims: readonly Claim[], solver: Solver): Outcome {
  const states = search.proves ? MANY_STATES : FEW_STATES;
  const strings = shortestStrings(search.language, solver.languages, solver.budget, states);
  for (let tried = 0; tried < TRIED; tried++) {
    const step = strings.next();
    if (!step.done && codePoints(step.value) <= most) {
      if (satisfies(claims, step.value) === true) return found(step.value);
      continue;
    }
    if (step.done && step.value === "gave up") break;
    if (tried > 0) return unsure("the strings that it takes cannot be checked in a bounded time");
    return search.proves
      ? NO_VALUE
      : unsure("validators check formats each in their own way, and no string shows a difference");
  }
  return unsure("the patterns and formats are too intricate to tell whether one string satisfies all of them");
}

/** A string within the range that is not listed; short and plain. */
function unlistedString(range: SizeRange, listed: ReadonlySet<string>): Outcome {
  const length = Math.max(range.least, Math.min(range.most, 1));
  if (length > 0) {
    for (let at = 0; at <= listed.size; at++) {
      const text = String.fromCodePoint(0x61 + at) + "a".repeat(length - 1);
      if (!listed.has(text)) return found(text);
    }
  }
  return range.least === 0 && !listed.has("") ? found("") : NO_VALUE;
}

function isFormatRefuted({ holding, failing }: Branch): boolean {
  return holding.some(
    (inner) =>
      inner.op === "format" &&
      failing.some((outer) => outer.op === "format" && isFormatWithin(inner.format, outer.format)),
  );
}

/** What is searched for a string. */
interface Search {
  /** Around all strings that the branch asks for, but for their greatest length. */
  readonly language: Language;
  /** Whether that is so for every validator: an empty language is then a proof. */
  readonly proves: boolean;
}

function searchFor(branch: Branch, least: number, listed: readonly string[], { languages }: Solver): Search {
  const parts = [languages.repeat(languages.anyCharacter, least, Infinity)];
  let proves = true;
  const isFormatted = branch.holding.some((atom) => atom.op === "format");
  for (const { formula: atom, holds } of branch.literals) {
    let known: { language: Language; exact: boolean } | undefined;
    if (atom.op === "pattern") known = atom.pattern.language && { language: atom.pattern.language, exact: true };
    else if (atom.op === "format") known = formatLanguage(atom.format, languages);
    if (known === undefined || (!holds && !known.exact)) continue;
    parts.push(holds ? known.language : languages.not(known.language));
    // That one format lies within another is not proven by the expressions of one validator: another has others.
    if (atom.op === "format" && !holds && isFormatted) proves = false;
  }
  if (listed.length > 0) parts.push(languages.not(languages.either(...listed.map((text) => languages.literal(text)))));
  return { language: languages.both(...parts), proves };
}
