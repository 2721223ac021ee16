/** JSON read as what it is. A reader of YAML takes ten times as long over it, and has nothing else to say of most of it. */
import { isList, isObject, type JsonObject } from "./json.ts";

/** What YAML may see in JSON that JSON does not: tabs, merge keys, halves of characters, signs of nought. */
const AMBIGUOUS = /\t|"<<"|__proto__|\\u[dD][89a-fA-F]|-0|"[^"\n]{1000}/;

/** Nested more deeply, a text is left to the reader that says so. */
const MOST_DEPTH = 100;

/** A string of JSON, and the colon behind it where it is a key. */
const STRING = /"(?:[^"\\]|\\.)*"\s*(:)?/g;

/**
 * Reads a text that is an object of JSON.
 * @returns Undefined where it is something else, or where a reader of YAML might see something else in it: a key that
 * is written twice, above all.
 */
export function readPlainJson(text: string): JsonObject | undefined {
  if (!/^\s*\{/.test(text) || AMBIGUOUS.test(text) || !text.isWellFormed()) return undefined;
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(data)) return undefined;
  const kept = countKeys(data, 0);
  return kept !== undefined && kept === writtenKeys(text) ? data : undefined;
}

/** How many members there are in all; undefined when they are nested too deeply. */
function countKeys(value: unknown, depth: number): number | undefined {
  if (!isObject(value) && !isList(value)) return 0;
  if (depth > MOST_DEPTH) return undefined;
  let count = isObject(value) ? Object.keys(value).length : 0;
  for (const member of Object.values(value)) {
    const inside = countKeys(member, depth + 1);
    if (inside === undefined) return undefined;
    count += inside;
  }
  return count;
}

function writtenKeys(text: string): number {
  let count = 0;
  for (const [, colon] of text.matchAll(STRING)) if (colon !== undefined) count += 1;
  return count;
}
