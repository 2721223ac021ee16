/** What changed between two texts, line by line. */

/** Longer texts are shown as one that went and one that came. */
const MOST_CELLS = 4_000_000;

/** The lines of both, those that went marked with `-`, those that came with `+`, the others with a space. */
export function differences(before: readonly string[], after: readonly string[]): readonly string[] {
  if (before.length * after.length > MOST_CELLS)
    return [...before.map((line) => `-${line}`), ...after.map((line) => `+${line}`)];
  const lengths = commonLengths(before, after);
  const lines: string[] = [];
  let [left, right] = [0, 0];
  while (left < before.length || right < after.length) {
    const [old, young] = [before[left], after[right]];
    if (old !== undefined && old === young) {
      lines.push(` ${old}`);
      left += 1;
      right += 1;
    } else if (young === undefined || (old !== undefined && lengthAt(left + 1, right) >= lengthAt(left, right + 1))) {
      lines.push(`-${old}`);
      left += 1;
    } else {
      lines.push(`+${young}`);
      right += 1;
    }
  }
  return lines;

  function lengthAt(row: number, column: number): number {
    return lengths[row]?.[column] ?? 0;
  }
}

/** For each pair of places, how many lines the rests have in common at most. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly Uint32Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let left = before.length - 1; left >= 0; left -= 1) {
    for (let right = after.length - 1; right >= 0; right -= 1) {
      const [row, next] = [rows[left], rows[left + 1]];
      if (row === undefined || next === undefined) continue;
      row[right] =
        before[left] === after[right] ? (next[right + 1] ?? 0) + 1 : Math.max(next[right] ?? 0, row[right + 1] ?? 0);
    }
  }
  return rows;
}
