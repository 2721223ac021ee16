/** Arguments that say nothing that could be done: a command answers them with 2, and what did not work with 1. */
import { closest } from "../codegen/suggest.ts";

/** What is wrong with the arguments: its message is a whole sentence, shown with where to read on. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Whether an error is about arguments: one of ours, or what `parseArgs` throws. */
export function isUsageError(error: unknown): error is Error {
  return error instanceof UsageError || codeOfParseArgs(error) !== undefined;
}

/**
 * The word itself, when it is one of those that there are.
 *
 * @param what begins the sentence that refuses it: `--format`
 * @throws UsageError that names every word, and the one that was probably meant
 */
export function oneOf<const Word extends string>(what: string, word: string, words: readonly Word[]): Word {
  const found = words.find((known) => known === word);
  if (found !== undefined) return found;
  throw new UsageError(`${what} is one of ${words.join(", ")}, not "${word}".${didYouMean(word, words)}`);
}

/**
 * Holds words of a list to those that there are.
 *
 * @param what begins the sentence that refuses some: `--only`
 * @throws UsageError that names what there is not, every word that there is, and what was probably meant
 */
export function assertKnown(what: string, asked: readonly string[], words: readonly string[]): void {
  const unknown = asked.filter((word) => !words.includes(word));
  const [first] = unknown;
  if (first === undefined) return;
  const named = unknown.map((word) => `"${word}"`).join(", ");
  throw new UsageError(`${what} names ${named}, and there are: ${words.join(", ")}.${didYouMean(first, words)}`);
}

/** ` Did you mean …?` behind a sentence that refuses a word; nothing when no word that there is looks like it. */
export function didYouMean(word: string, words: readonly string[]): string {
  const near = closest(word, words);
  return near === undefined ? "" : ` Did you mean ${near}?`;
}

/** What is shown of an error about arguments; the options are those that the help names. */
export function usageText(error: Error, help: string): string {
  if (codeOfParseArgs(error) === undefined) return error.message;
  // The first sentence says which option; the rest is advice for programmers.
  const [sentence = error.message] = error.message.split(/\.\s/);
  const [, unknown] = /^Unknown option '(-[^']+)'/.exec(sentence) ?? [];
  const near = unknown === undefined ? "" : didYouMean(unknown, help.match(/--[a-z][a-z-]*/g) ?? []);
  return `${sentence.replace(/\.$/, "")}.${near}`;
}

/**
 * What a program of its own says of wrong arguments: what is wrong, and its help.
 * @throws the error itself, when it is about something else
 */
export function refusal(error: unknown, help: string): string {
  if (!isUsageError(error)) throw error;
  return `${usageText(error, help)}\n\n${help}`;
}

function codeOfParseArgs(error: unknown): string | undefined {
  if (!(error instanceof TypeError) || !("code" in error) || typeof error.code !== "string") return undefined;
  return error.code.startsWith("ERR_PARSE_ARGS") ? error.code : undefined;
}
