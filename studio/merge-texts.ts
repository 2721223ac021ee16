/** Two changes of one text in one text, where they are of different lines. */

/** The lines of a text that another has in its place. Lines are counted from 0. */
interface Hunk {
  readonly start: number;
  /** The first line that is the same again. */
  readonly end: number;
  readonly lines: readonly string[];
}

/**
 * Returns the text with both changes. Undefined where they meet: of the same lines, or with none between that both
 * left alone. From its first to its last changed line each side counts as one change, so that nothing is woven together
 * line by line that nobody has seen so.
 * @param base What both were made from.
 */
export function mergeTexts(base: string, one: string, other: string): string | undefined {
  if (one === other || other === base) return one;
  if (one === base) return other;
  const lines = linesOf(base);
  const hunks = [hunkOf(lines, linesOf(one)), hunkOf(lines, linesOf(other))] as const;
  const [first, second] = hunks[0].start <= hunks[1].start ? hunks : ([hunks[1], hunks[0]] as const);
  if (first.end >= second.start) return undefined;
  return [
    ...lines.slice(0, first.start),
    ...first.lines,
    ...lines.slice(first.end, second.start),
    ...second.lines,
    ...lines.slice(second.end),
  ].join("");
}

/** With their ends, so that a change of the last line's is one too. */
function linesOf(text: string): readonly string[] {
  return text.split(/(?<=\n)/);
}

function hunkOf(before: readonly string[], after: readonly string[]): Hunk {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < shorter - start && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  return { start, end: before.length - same, lines: after.slice(start, after.length - same) };
}
