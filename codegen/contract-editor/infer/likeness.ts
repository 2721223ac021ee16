/** How alike two properties are, by name and by shape. */
import { elementOf, propertiesOf, type PropertyShape, type Shape } from "./shape.ts";

/** From here on a name alone says that one property is another renamed. */
export const ALIKE = 0.5;

/** Lists of lists of lists are compared no deeper: one may be a list of itself. */
const DEEP = 3;

/** From 0, nothing in common, to 1, the same but for case and punctuation. */
export function nameLikeness(a: string, b: string): number {
  const [left, right] = [wordsOf(a), wordsOf(b)];
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  const shared = short.filter((word) => long.includes(word)).length;
  const byWords = shared === short.length ? 0.6 + (0.4 * short.length) / long.length : shared / long.length;
  const [from, to] = [left.join(""), right.join("")];
  const byLetters = (2 * commonLetters(from, to)) / (from.length + to.length);
  return Math.max(byWords, byLetters, isAbbreviation(from, to) || isAbbreviation(to, from) ? 0.6 : 0);
}

/** Whether values of one can become values of the other by a rename and steps inside; 0 if not, else up to 1. */
export function shapeLikeness(a: Shape, b: Shape, depth = 0): number {
  if (a.kind !== b.kind || a.kind === "unknown") return 0;
  if (a.kind === "list") return depth > DEEP ? 1 : 0.5 + shapeLikeness(elementOf(a), elementOf(b), depth + 1) / 2;
  if (a.kind === "scalar") return a.types.join() === b.types.join() ? (a.format === b.format ? 1 : 0.5) : 0;
  const [left, right] = [propertiesOf(a), propertiesOf(b)].map((properties) => properties.map(({ name }) => name));
  const shared = (left ?? []).filter((name) => right?.includes(name)).length;
  return 0.5 + shared / Math.max(1, left?.length ?? 0, right?.length ?? 0) / 2;
}

/** Whether a value of one is always a value of the kind of the other, absence and null included. */
export function isAsCertain(a: PropertyShape, b: PropertyShape): boolean {
  return a.required === b.required && a.shape.nullable === b.shape.nullable;
}

/** `order_id` and `orderID` are the same words. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}

/** `qty` of `quantity`: the letters in their order, the first one first. */
function isAbbreviation(short: string, long: string): boolean {
  if (short.length < 2 || short[0] !== long[0] || short.length >= long.length) return false;
  let place = 0;
  for (const letter of long) if (letter === short[place]) place += 1;
  return place === short.length;
}

/** The length of the longest run of letters that both have in the same order. */
function commonLetters(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, () => 0);
  for (const letter of a) {
    const row = [0];
    for (let j = 1; j <= b.length; j++) {
      row.push(letter === b[j - 1] ? (last[j - 1] ?? 0) + 1 : Math.max(last[j] ?? 0, row[j - 1] ?? 0));
    }
    last = row;
  }
  return last[b.length] ?? 0;
}
