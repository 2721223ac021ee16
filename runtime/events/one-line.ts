/** Text from outside made fit for a header, a log line or a database column. */

// Control characters, the line and paragraph separators, and the marks that turn the direction of text.
const UNFIT = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/** The text on one line of at most `limit` characters; what was cut is marked with an ellipsis. */
export function oneLine(text: string, limit: number): string {
  // Looks only at what can be shown: the text may be megabytes long.
  const line = text
    .slice(0, limit * 2)
    .replace(UNFIT, " ")
    .trim();
  const shown = line.length > limit || text.length > limit * 2 ? `${line.slice(0, limit - 1)}…` : line;
  return shown.toWellFormed();
}
