/**
 * Reads a text of YAML by reading the one entry that changed, where that is sure to come to the same as reading all of
 * it. An editor saves a contract again and again, and most saves change one entry of one collection.
 *
 * An entry is the line of its key and the lines below that are indented further. YAML lets nothing outside of those
 * lines change what they say but anchors, tags and directives, and they change nothing outside but by the same; so a
 * text in which any of these is near is read in full.
 */
import { isDeepStrictEqual } from "node:util";
import { parseDocument, visit } from "yaml";
import { isObject, type JsonObject, own } from "./json.ts";
import { faultsOf } from "./yaml-faults.ts";

/** A text that was read, and what it says. */
export interface Known {
  readonly text: string;
  readonly data: unknown;
}

/** How deep the entries stand that are looked for: `components`, `schemas`, `OrderCreatedV1`. */
const MOST_DEPTH = 3;

/** A line that begins a collection of entries: a plain key and nothing behind it but a comment. */
const OPENS = /^ *[A-Za-z_][\w./{}-]*: *(#.*)?\r?$/;
/** A line that begins an entry. */
const BEGINS = /^ *([A-Za-z_][\w./{}-]*):(?=\s|$)/;
const DIRECTIVE = /^(%|---|\.\.\.)/m;

/**
 * What a text says, from what an earlier one said that differs from it in one entry. All other values are those of the
 * earlier one themselves. Undefined where that is not sure, or nothing is saved by it.
 */
export function graft(text: string, before: Known): JsonObject | undefined {
  if (!isObject(before.data) || DIRECTIVE.test(text)) return undefined;
  const [older, newer] = [before.text.split("\n"), text.split("\n")];
  const same = sameLines(older, newer);
  const entry = entryAround(older, same.ahead, older.length - same.behind);
  if (entry === undefined) return undefined;
  const { path, from, to } = entry;
  const known = path.reduce<unknown>(own, before.data);
  const read = readEntry(older.slice(from, to), path);
  if (known === undefined || read === undefined || !isDeepStrictEqual(read.value, known)) return undefined;
  const now = newer.slice(from, to + newer.length - older.length);
  if (!isEntry(now, indentOf(older[from] ?? ""))) return undefined;
  const anew = readEntry(now, path);
  return anew === undefined ? undefined : replaced(before.data, path, anew.value);
}

/** How many lines are the same at the beginning, and how many of the others at the end. */
function sameLines(
  older: readonly string[],
  newer: readonly string[],
): { readonly ahead: number; readonly behind: number } {
  const most = Math.min(older.length, newer.length);
  let ahead = 0;
  while (ahead < most && older[ahead] === newer[ahead]) ahead += 1;
  let behind = 0;
  while (behind < most - ahead && older.at(-1 - behind) === newer.at(-1 - behind)) behind += 1;
  return { ahead, behind };
}

interface Entry {
  /** The keys that lead to it from the root. */
  readonly path: readonly string[];
  /** Its first line, and the one behind its last. */
  readonly from: number;
  readonly to: number;
}

/** The deepest entry whose own lines hold the lines from `first` up to `last`, both counted from 0. */
function entryAround(lines: readonly string[], first: number, last: number): Entry | undefined {
  let found: Entry | undefined;
  // Where lines are only added, the one at that place is behind them.
  const nearest = last > first ? first : first - 1;
  let [from, to, indent] = [0, lines.length, 0];
  for (let path: readonly string[] = []; path.length < MOST_DEPTH;) {
    const start = lastEntryLine(lines, from, nearest, indent);
    if (start === undefined) return found;
    const line = lines[start] ?? "";
    const key = BEGINS.exec(line)?.[1];
    const end = endOf(lines, start, to, indent);
    if (key === undefined || last > end) return found;
    path = [...path, key];
    // Two deep at least: a whole collection is not worth it.
    if (path.length > 1) found = { path, from: start, to: end };
    const inner = OPENS.test(line) ? firstLine(lines, start + 1, end) : undefined;
    if (inner === undefined) return found;
    [from, to, indent] = [inner, end, indentOf(lines[inner] ?? "")];
    if (nearest < inner) return found;
  }
  return found;
}

/** The last line of this indentation up to one. */
function lastEntryLine(lines: readonly string[], from: number, nearest: number, indent: number): number | undefined {
  for (let at = nearest; at >= from; at -= 1) {
    const line = lines[at] ?? "";
    if (!isBlank(line) && indentOf(line) === indent) return at;
  }
  return undefined;
}

/** The line behind the last one that is indented further than the entry, or blank. */
function endOf(lines: readonly string[], start: number, most: number, indent: number): number {
  for (let at = start + 1; at < most; at += 1) {
    const line = lines[at] ?? "";
    if (!isBlank(line) && indentOf(line) <= indent) return at;
  }
  return most;
}

function firstLine(lines: readonly string[], from: number, to: number): number | undefined {
  for (let at = from; at < to; at += 1) {
    const line = lines[at] ?? "";
    if (!isBlank(line) && !line.trimStart().startsWith("#")) return at;
  }
  return undefined;
}

/** Whether lines are one entry at an indentation. */
function isEntry([first = "", ...rest]: readonly string[], indent: number): boolean {
  return indentOf(first) === indent && rest.every((line) => isBlank(line) || indentOf(line) > indent);
}

/** The value of an entry that stands for itself; undefined when it does not, or is not the one of the path. */
function readEntry(lines: readonly string[], path: readonly string[]): { readonly value: unknown } | undefined {
  const text = lines.join("\n");
  const document = parseDocument(text, { merge: true, prettyErrors: false });
  if (faultsOf(document, text).length > 0 || document.warnings.length > 0 || !standsAlone(document)) return undefined;
  const data: unknown = document.toJS();
  const key = path.at(-1) ?? "";
  if (!isObject(data) || Object.keys(data).length !== 1 || !Object.hasOwn(data, key)) return undefined;
  return { value: data[key] };
}

function standsAlone(document: ReturnType<typeof parseDocument>): boolean {
  let alone = true;
  visit(document, {
    Alias: () => {
      alone = false;
      return visit.BREAK;
    },
    Node: (_, node) => {
      if (!("anchor" in node && node.anchor !== undefined) && node.tag?.startsWith("!") !== true) return undefined;
      alone = false;
      return visit.BREAK;
    },
  });
  return alone;
}

/** A copy of the mappings on the way to a place, in which its value is another. */
function replaced(data: JsonObject, [key = "", ...rest]: readonly string[], value: unknown): JsonObject {
  const member = own(data, key);
  return { ...data, [key]: rest.length > 0 && isObject(member) ? replaced(member, rest, value) : value };
}

function isBlank(line: string): boolean {
  return line.trim() === "";
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}
