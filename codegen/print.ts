/** Diagnostics as text for people, JSON for programs, and annotations for GitHub. */
import type { Diagnostic } from "./diagnostic.ts";

export const FORMATS = ["text", "json", "github"] as const;
export type Format = (typeof FORMATS)[number];

/** More than this many are counted, not shown: the first ones are the ones to mend. */
const SHOWN = 50;
/** More places than this are counted where one thing is said of many. */
const NAMED = 8;
/** Columns of a source line that are shown around a caret. */
const WIDTH = 120;

/**
 * Prints diagnostics in the order given, errors before all others, without a final newline.
 * @param sources The text of each file that a diagnostic names; a missing one only costs the source line.
 */
export function print(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  format: Format,
): string {
  if (format === "json") return JSON.stringify({ diagnostics }, null, 2);
  const sorted = worstFirst(diagnostics);
  if (format === "github") return sorted.slice(0, SHOWN).map(annotation).join("\n");
  const groups = alike(sorted);
  const blocks = groups.slice(0, SHOWN).map(([first, ...others]) => {
    const text = block(first, sources.get(first.file));
    return others.length === 0 ? text : `${text}\n  also at ${placesOf(others)}`;
  });
  const more = groups.slice(SHOWN).reduce((sum, group) => sum + group.length, 0);
  if (more > 0) blocks.push(`... and ${more} more`);
  return blocks.join("\n");
}

/** What keeps code from being generated is read first, and must not be among those that are only counted. */
function worstFirst(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [
    ...diagnostics.filter(({ severity }) => severity === "error"),
    ...diagnostics.filter(({ severity }) => severity !== "error"),
  ];
}

type Group = readonly [Diagnostic, ...Diagnostic[]];

/**
 * Diagnostics of one file that say the same of several places, together where the first of them stands: a habit of
 * whoever wrote the document is one thing to read. Each error is one to mend, and stays by itself.
 */
function alike(diagnostics: readonly Diagnostic[]): readonly Group[] {
  const groups = new Map<string, [Diagnostic, ...Diagnostic[]]>();
  for (const [index, diagnostic] of diagnostics.entries()) {
    const { file, severity, code, message, hint } = diagnostic;
    const key = severity === "error" ? String(index) : JSON.stringify([file, severity, code, message, hint]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [diagnostic]);
    else group.push(diagnostic);
  }
  return [...groups.values()];
}

/** The first places, and how many more there are. */
function placesOf(others: readonly Diagnostic[]): string {
  const named = others.slice(0, NAMED).map(({ line, col }) => `${line}:${col}`);
  const more = others.length - named.length;
  return named.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** What can be shown beside a place of a file: a diagnostic, or something else that has a word for how bad it is. */
export type Shown = Omit<Diagnostic, "code" | "severity"> & { readonly code: string; readonly severity: string };

/** `asyncapi.yaml:118:9 error CODE message`, the source line with a caret, and the hint. */
export function block(diagnostic: Shown, text: string | undefined): string {
  const { file, line, col, severity, code, message, hint } = diagnostic;
  const lines = [`${visible(file)}:${line}:${col} ${severity} ${code} ${visible(message)}`];
  const source = text?.split(/\r\n|\n|\r/, line)[line - 1];
  if (source !== undefined) lines.push(...excerpt(source, diagnostic));
  if (hint !== "") lines.push(`  hint: ${visible(hint)}`);
  return lines.join("\n");
}

function excerpt(source: string, { line, col, endLine, endCol }: Shown): string[] {
  const from = Math.max(0, Math.min(col - 1, source.length));
  const to = endLine === line ? Math.max(from + 1, endCol - 1) : Math.max(from + 1, source.trimEnd().length);
  // A minified document is one long line: show the part that matters.
  const start = source.length <= WIDTH ? 0 : Math.max(0, from - WIDTH / 4);
  const end = Math.min(source.length, start + WIDTH);
  const number = `  ${line} | `;
  const carets = "^".repeat(Math.max(1, Math.min(to, end) - from));
  return [
    (number + visible(source.slice(start, end))).trimEnd(),
    " ".repeat(number.length - 2) + "| " + " ".repeat(from - start) + carets,
  ];
}

/** The workflow command that makes GitHub show something beside its line: an `error`, a `warning` or a `notice`. */
export function annotation({ severity, file, line, col, endLine, endCol, code, message, hint }: Shown): string {
  const place = `file=${property(file)},line=${line},endLine=${endLine},col=${col},endColumn=${endCol},title=${code}`;
  return `::${severity === "note" ? "notice" : severity} ${place}::${data(hint === "" ? message : `${message}\n${hint}`)}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

/** Keeps text from a contract from moving the cursor or colouring the terminal: one column for one control character. */
export function visible(text: string): string {
  return text.replaceAll("\t", " ").replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\uFFFD");
}
