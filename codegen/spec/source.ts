/** A contract's text as data, with the position of every value. */
import { type Document, LineCounter, parseDocument, visit, type YAMLError } from "yaml";
import type { Diagnostic, Range } from "../diagnostic.ts";
import type { DiagnosticCode } from "../errors.ts";
import { isObject } from "./json.ts";
import { findPlace } from "./place.ts";
import { type Pointer, under } from "./pointer.ts";

/** Which side of `key: value` is meant: `name` is the key where there is one, `auto` the key of a collection and the value of a scalar. */
export type Side = "name" | "value" | "auto";

/** One file of a contract. */
export interface Source {
  /** The file as the caller named it. */
  readonly file: string;
  readonly text: string;
  /** What the file says, aliases and merge keys resolved; undefined when it is not well-formed. */
  readonly data: unknown;
  /** Where a value stands; the nearest place around it when it does not exist. */
  locate(at: Pointer, side?: Side): Range;
}

/** Collections that aliases may multiply to; above it a document is an attack and not a contract. */
const MAX_ALIASES = 10_000;

/** Reads YAML or JSON. Never throws: what is wrong with the text is in `faults`. */
export function readSource(file: string, text: string): { source: Source; faults: readonly Diagnostic[] } {
  const lines = new LineCounter();
  const range = (from: number, to: number): Range => {
    const start = lines.linePos(from);
    const end = lines.linePos(Math.max(from, to));
    return { line: Math.max(1, start.line), col: Math.max(1, start.col), endLine: Math.max(1, end.line), endCol: Math.max(1, end.col) };
  };
  const fault = (code: DiagnosticCode, at: Range, message: string, hint: string): Diagnostic => ({ code, severity: "error", file, ...at, message, hint });
  const broken = (faults: readonly Diagnostic[]) => ({ source: { file, text, data: undefined, locate: () => range(0, 0) }, faults });

  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  } catch (error) {
    return broken([fault("YAML_SYNTAX", range(0, 0), `the file cannot be read: ${reason(error)}`, "")]);
  }
  if (document.errors.length > 0) {
    const syntaxFault = (error: YAMLError) => {
      const at = placeOf(error, document, text);
      const [code, message, hint] = explain(error, text.slice(...at));
      return fault(code, range(...at), message, hint);
    };
    return broken(causes(document.errors).map(syntaxFault));
  }
  const dangling = unresolvedAlias(document);
  if (dangling !== undefined) return broken([fault("YAML_ALIAS", range(...dangling), "no anchor of this name stands before it", "Write `&name` at the value that is meant.")]);

  const locate = (at: Pointer, side: Side = "auto"): Range => {
    const [from, to] = findPlace(document, at, side);
    return range(from, to);
  };
  try {
    const data: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    const loop = cycle(data);
    if (loop === undefined) return { source: { file, text, data, locate }, faults: [] };
    return broken([fault("YAML_ALIAS", locate(loop, "name"), "an alias stands inside its own anchor", "Repeat the value, or use `$ref` for something recursive.")]);
  } catch (error) {
    return broken([fault("YAML_ALIAS", range(0, 0), `the aliases cannot be resolved: ${reason(error)}`, "Use fewer aliases; `$ref` does not multiply.")]);
  }
}

/** The first fault of syntax, since later ones follow from it, and every duplicate key. */
function causes(errors: readonly YAMLError[]): YAMLError[] {
  const syntax = errors.filter((error) => error.code !== "DUPLICATE_KEY").toSorted((a, b) => a.pos[0] - b.pos[0]);
  return syntax.length > 0 ? syntax.slice(0, 1) : [...errors];
}

/** The code, message and hint of a fault that the YAML reader found. */
function explain(error: YAMLError, excerpt: string): readonly [DiagnosticCode, message: string, hint: string] {
  switch (error.code) {
    case "DUPLICATE_KEY":
      return ["YAML_DUPLICATE_KEY", `${excerpt} stands twice in one mapping`, "Keep one of the two."];
    case "MULTIPLE_DOCS":
      return ["YAML_SYNTAX", "a second document starts here", "One file holds one document."];
    case "RESOURCE_EXHAUSTION":
      return ["YAML_SYNTAX", "the text is nested too deeply", ""];
    default:
      return ["YAML_SYNTAX", error.message.charAt(0).toLowerCase() + error.message.slice(1), "Mend the text here or just before."];
  }
}

/** Where the fault is: a quote that is never closed is reported where it opens, and a key that stands twice as a whole. */
function placeOf(error: YAMLError, document: Document.Parsed, text: string): readonly [number, number] {
  const [from] = error.pos;
  if (error.code === "DUPLICATE_KEY") return [from, from + (/^("[^"\n]*"|'[^'\n]*'|[^:\s]+)/.exec(text.slice(from, from + 200))?.[0].length ?? 1)];
  let opening: number | undefined;
  if (/^Missing closing/.test(error.message)) {
    visit(document, {
      Scalar: (_, { range, type }) => {
        if (range && type?.startsWith("QUOTE") && range[0] < error.pos[0] && range[1] >= error.pos[0]) opening = range[0];
      },
    });
  }
  return opening === undefined ? error.pos : [opening, opening + 1];
}

/** The first alias that has no anchor before it. */
function unresolvedAlias(document: Document.Parsed): readonly [number, number] | undefined {
  const anchors = new Set<string>();
  let found: readonly [number, number] | undefined;
  visit(document, {
    Node: (_, node) => {
      if ("anchor" in node && node.anchor !== undefined) anchors.add(node.anchor);
    },
    Alias: (_, alias) => {
      if (anchors.has(alias.source) || !alias.range) return undefined;
      found = [alias.range[0], alias.range[1]];
      return visit.BREAK;
    },
  });
  return found;
}

/** The place of a value that contains itself, which an anchor can make. */
function cycle(data: unknown): Pointer | undefined {
  const finished = new Set<unknown>();
  const open = new Set<unknown>();
  const search = (value: unknown, at: Pointer): Pointer | undefined => {
    if ((!isObject(value) && !Array.isArray(value)) || finished.has(value)) return undefined;
    if (open.has(value)) return at;
    open.add(value);
    for (const [key, member] of Object.entries(value)) {
      const found = search(member, under(at, key));
      if (found !== undefined) return found;
    }
    open.delete(value);
    finished.add(value);
    return undefined;
  };
  return search(data, "");
}

function reason(error: unknown): string {
  if (error instanceof RangeError) return "it is nested too deeply";
  return error instanceof Error ? error.message : String(error);
}
