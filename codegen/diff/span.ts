/** Times as they are told. */

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
] as const;

/** `30 d`, `90 min`, `1500 ms`: in the largest unit of which it is a whole number. Of milliseconds. */
export function span(ms: number): string {
  const [unit, length] = UNITS.find(([, size]) => ms >= size && ms % size === 0) ?? ["ms", 1];
  return `${ms / length} ${unit}`;
}
