/** A contract's text as data, with the position of every value. */
import { type Document, LineCounter, parseDocument } from "yaml";
import type { Diagnostic, Range } from "../diagnostic.ts";
import { graft, type Known } from "./graft.ts";
import { findPlace } from "./place.ts";
import { readPlainJson } from "./plain-json.ts";
import type { Pointer } from "./pointer.ts";
import { type Fault, faultsOf, loopOf } from "./yaml-faults.ts";

/**
 * Which side of `key: value` is meant: `name` is the key where there is one, `auto` the key of a collection and the
 * value of a scalar.
 */
export type Side = "name" | "value" | "auto";

/** A contract: one file, or several that `link` made one of. */
export interface Source {
  /** The file of the contract as the caller named it. */
  readonly file: string;
  readonly text: string;
  /** What the contract says, aliases and merge keys resolved; undefined when it is not well-formed. */
  readonly data: unknown;
  /** The text of every file of it by its path. */
  readonly texts: ReadonlyMap<string, string>;
  /** Where a value stands; the nearest place around it when it does not exist. */
  locate(at: Pointer, side?: Side): Location;
}

/** A stretch of one of the files of a contract. */
export interface Location extends Range {
  readonly file: string;
}

/** Values that aliases may multiply to; above it a document is an attack and not a contract. */
const MAX_ALIASES = 10_000;

/**
 * Reads YAML or JSON. Never throws: what is wrong with the text is in `faults`, and `data` is then undefined.
 * @param before An earlier text of the file without faults, so that only what changed since then is read.
 */
export function readSource(
  file: string,
  written: string,
  before?: Known,
): { source: Source; faults: readonly Diagnostic[] } {
  // To YAML a carriage return alone ends a line, as it once did on some machines.
  const text = written.replace(/\r(?!\n)/g, "\n");
  const lines = new LineCounter();
  const ready = readPlainJson(text) ?? (before && graft(text, before));
  const { document, data, faults }: Parsed = ready === undefined ? parse(text, lines) : { data: ready, faults: [] };
  // Then the positions are read when somebody asks for one, which is when something is wrong.
  let placed = document;
  const locate = (at: Pointer, side: Side = "auto"): Location => {
    if (ready !== undefined) placed ??= parse(text, lines).document;
    return { file, ...rangeOf(lines, placed === undefined ? [0, 0] : findPlace(placed, at, side)) };
  };
  return {
    source: { file, text, data, texts: new Map([[file, text]]), locate },
    faults: faults.map(({ from, to, ...fault }) => ({
      ...fault,
      severity: "error",
      file,
      ...rangeOf(lines, [from, to]),
    })),
  };
}

interface Parsed {
  readonly document?: Document.Parsed;
  readonly data?: unknown;
  readonly faults: readonly Fault[];
}

function parse(text: string, lineCounter: LineCounter): Parsed {
  try {
    const document = parseDocument(text, { lineCounter, merge: true, prettyErrors: false });
    const faults = faultsOf(document, text);
    if (faults.length > 0) return { faults };
    const data: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const loop = loopOf(data);
    if (loop === undefined) return { document, data, faults };
    const [from, to] = findPlace(document, loop, "name");
    const message = "an alias stands inside its own anchor";
    const hint = "Repeat the value, or use `$ref` for something recursive.";
    return { faults: [{ code: "YAML_ALIAS", from, to, message, hint }] };
  } catch (error) {
    return { faults: [thrownFault(error)] };
  }
}

/** The reader throws for what it cannot hold: nesting without end, or aliases that multiply. */
function thrownFault(error: unknown): Fault {
  const fault = { code: "YAML_SYNTAX", from: 0, to: 0, hint: "" } as const;
  if (error instanceof RangeError) return { ...fault, message: "the text is nested too deeply" };
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ReferenceError)) return { ...fault, message: `the text cannot be read: ${message}` };
  const hint = "Use fewer aliases; `$ref` does not multiply.";
  return { ...fault, code: "YAML_ALIAS", message: "the aliases multiply beyond reason", hint };
}

function rangeOf(lines: LineCounter, [from, to]: readonly [from: number, to: number]): Range {
  const start = lines.linePos(from);
  const end = lines.linePos(Math.max(from, to));
  // An empty file has no line that could be counted.
  return {
    line: Math.max(1, start.line),
    col: Math.max(1, start.col),
    endLine: Math.max(1, end.line),
    endCol: Math.max(1, end.col),
  };
}
