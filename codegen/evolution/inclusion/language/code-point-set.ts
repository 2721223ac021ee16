/** Sets of code points as sorted, disjoint, non-adjacent ranges: `[low, high, low, high, ...]`, both ends included. */
export type CodePointSet = readonly number[];

export const LAST_CODE_POINT = 0x10_ff_ff;
export const ANY: CodePointSet = [0, LAST_CODE_POINT];
const NONE: CodePointSet = [];
export const DIGIT: CodePointSet = rangesOf("09");
export const WORD: CodePointSet = rangesOf("09AZ__az");
/** ECMA-262 `\s`: white space and line terminators. */
export const SPACE: CodePointSet = [
  0x09, 0x0d, 0x20, 0x20, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f,
  0x3000, 0x3000, 0xfeff, 0xfeff,
];
/** ECMA-262 `.` without the `s` flag: everything but the four line terminators. */
export const DOT: CodePointSet = complement([0x0a, 0x0a, 0x0d, 0x0d, 0x2028, 0x2029]);

/** The set of one code point. */
export function only(codePoint: number): CodePointSet {
  return [codePoint, codePoint];
}

export function union(...sets: readonly CodePointSet[]): CodePointSet {
  const ranges: [number, number][] = [];
  for (const set of sets) for (const range of pairs(set)) ranges.push(range);
  ranges.sort((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [low, high] of ranges) {
    const end = merged.at(-1);
    if (end !== undefined && low <= end + 1) merged[merged.length - 1] = Math.max(end, high);
    else merged.push(low, high);
  }
  return merged;
}

export function complement(set: CodePointSet): CodePointSet {
  const rest: number[] = [];
  let next = 0;
  for (const [low, high] of pairs(set)) {
    if (low > next) rest.push(next, low - 1);
    next = high + 1;
  }
  if (next <= LAST_CODE_POINT) rest.push(next, LAST_CODE_POINT);
  return rest;
}

export function contains(set: CodePointSet, codePoint: number): boolean {
  for (const [low, high] of pairs(set)) if (codePoint <= high) return codePoint >= low;
  return false;
}

/** Adds the other case of every ASCII letter, which is what the `i` flag does to ASCII patterns. */
export function withOtherCase(set: CodePointSet): CodePointSet {
  const others: CodePointSet[] = [set];
  for (const [low, high] of pairs(set)) {
    others.push(shifted(low, high, 0x41, 0x5a, 0x20), shifted(low, high, 0x61, 0x7a, -0x20));
  }
  return union(...others);
}

/** The part of low..high that lies in from..to, moved by `offset`. */
function shifted(low: number, high: number, from: number, to: number, offset: number): CodePointSet {
  const first = Math.max(low, from);
  const last = Math.min(high, to);
  return first <= last ? [first + offset, last + offset] : NONE;
}

function* pairs(set: CodePointSet): Generator<[number, number]> {
  for (let at = 0; at + 1 < set.length; at += 2) yield [set[at] ?? 0, set[at + 1] ?? 0];
}

function rangesOf(text: string): CodePointSet {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}
