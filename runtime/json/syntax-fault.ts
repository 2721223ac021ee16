/**
 * Where a text stops being JSON. `JSON.parse` says it in words of its engine, and quotes what it could not read: a
 * stranger's words, or a secret, in an answer or a log.
 */

/** A place in a text, both from 1; columns count characters of UTF-16. */
export interface SyntaxFault {
  readonly line: number;
  readonly column: number;
  /** What had to stand there, for example `a value`. */
  readonly expected: string;
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/** Thrown at the first place that is no JSON. */
class Stop extends Error {
  readonly at: number;
  readonly expected: string;

  constructor(at: number, expected: string) {
    super(expected);
    this.at = at;
    this.expected = expected;
  }
}

/** The first fault of a text; undefined when it is JSON. */
export function findSyntaxFault(text: string): SyntaxFault | undefined {
  try {
    readWhole(text);
    return undefined;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const before = text.slice(0, error.at).split("\n");
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, expected: error.expected };
  }
}

/** A fault as the end of a sentence. */
export function describeSyntaxFault({ line, column, expected }: SyntaxFault): string {
  return `line ${line}, column ${column}: ${expected} expected`;
}

/** No recursion: the text may be nested as deep as it is long. */
function readWhole(text: string): void {
  const open: ("[" | "{")[] = [];
  let at = skip(SPACE, text, 0);
  for (;;) {
    const first = text[at];
    if (first === "[" || first === "{") {
      open.push(first);
      at = skip(SPACE, text, at + 1);
      if (text[at] !== (first === "[" ? "]" : "}")) {
        if (first === "{") at = readName(text, at, 'a name in quotes or "}"');
        continue;
      }
      open.pop();
      at += 1;
    } else at = readScalar(text, at);
    // After a value: what it is in goes on, or ends.
    for (;;) {
      at = skip(SPACE, text, at);
      const inside = open.at(-1);
      if (inside === undefined) {
        if (at < text.length) throw new Stop(at, "the end");
        return;
      }
      if (text[at] === ",") {
        at = skip(SPACE, text, at + 1);
        if (inside === "{") at = readName(text, at, "a name in quotes");
        break;
      }
      const end = inside === "[" ? "]" : "}";
      if (text[at] !== end) throw new Stop(at, `"," or "${end}"`);
      open.pop();
      at += 1;
    }
  }
}

/** The place of the value that a name stands before. */
function readName(text: string, start: number, expected: string): number {
  if (text[start] !== '"') throw new Stop(start, expected);
  const at = skip(SPACE, text, readText(text, start));
  if (text[at] !== ":") throw new Stop(at, '":"');
  return skip(SPACE, text, at + 1);
}

function readScalar(text: string, start: number): number {
  if (text[start] === '"') return readText(text, start);
  const end = Math.max(skip(NUMBER, text, start), skip(LITERAL, text, start));
  if (end === start) throw new Stop(start, "a value");
  return end;
}

function readText(text: string, start: number): number {
  for (let at = start + 1; at < text.length;) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) return at + 1;
    if (unit < 0x20) throw new Stop(at, "an escape instead of a control character");
    if (unit !== 0x5c) at += 1;
    else {
      const end = skip(ESCAPE, text, at);
      if (end === at) throw new Stop(at, "an escape that JSON knows");
      at = end;
    }
  }
  throw new Stop(text.length, "a closing quote");
}

/** The end of what a sticky pattern matches here; here when nothing. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
