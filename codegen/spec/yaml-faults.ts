/** What is wrong with a text before it says anything: faults of syntax and of aliases, with their offsets. */
import { type Document, visit, type YAMLError } from "yaml";
import type { DiagnosticCode } from "../errors.ts";
import { isObject } from "./json.ts";
import { type Pointer, under } from "./pointer.ts";
import { strayByte } from "./read-text.ts";

/** One fault, by the offsets of the text that it concerns. */
export interface Fault {
  readonly code: DiagnosticCode;
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly hint: string;
}

/** What a text of YAML may not hold, whoever reads it: an editor shows nothing there. */
const UNPRINTABLE = /[^\P{Cc}\t\n\r\u0085]|[\ufffe\uffff\p{Cs}]/u;

/** The tags of what JSON can say too, and the one that says nothing. */
const JSON_TAGS = /^(!|tag:yaml\.org,2002:(str|int|float|bool|null|seq|map|merge))$/;

/** The lines that git writes around what two branches made of the same text, and between the two. */
const CONFLICT = /^(<{7}|={7}|>{7})(?= |\r?$)/gm;

/** What to do about a fault of syntax, by what YAML calls it, where more can be said than that it is there. */
const HINTS: Readonly<Partial<Record<YAMLError["code"], string>>> = {
  TAB_AS_INDENT: "Indent with spaces.",
  MULTILINE_IMPLICIT_KEY: "A colon and a space stand between a name and its value: is the colon missing?",
  BLOCK_AS_IMPLICIT_KEY: "Quote a text that has a colon and a space in it.",
  BAD_INDENT: "Indent the line as far as those that it belongs to.",
};

/**
 * Every conflict that a merge left, or the first fault of syntax, since later ones follow from it; or every duplicate
 * key, or the first unknown alias, or the first tag.
 */
export function faultsOf(document: Document.Parsed, text: string): readonly Fault[] {
  const unprintable = unprintableFault(text);
  if (unprintable !== undefined) return [unprintable];
  // In a block of text such lines may be meant, and then nothing is wrong with the document.
  const conflicts = document.errors.length > 0 ? conflictFaults(text) : [];
  if (conflicts.length > 0) return conflicts;
  const [first] = document.errors
    .filter((error) => error.code !== "DUPLICATE_KEY")
    .toSorted((a, b) => a.pos[0] - b.pos[0]);
  if (first !== undefined) return [syntaxFault(first, document)];
  const duplicates = document.errors.map((error) => duplicateFault(error, text));
  if (duplicates.length > 0) return duplicates;
  const unknown = unknownAlias(document);
  return unknown.length > 0 ? unknown : foreignTag(document, text);
}

/** Where conflicts begin; what stands alone of one, where no beginning is left. */
function conflictFaults(text: string): readonly Fault[] {
  const markers = [...text.matchAll(CONFLICT)];
  const begun = markers.filter(([marker]) => marker.startsWith("<"));
  return (begun.length > 0 ? begun : markers).map(({ index, 0: marker }) => ({
    code: "YAML_SYNTAX",
    from: index,
    to: index + marker.length,
    message: "a merge left a conflict here",
    hint: "Keep one side or both, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>.",
  }));
}

/** Such a character; a text that is full of them is no text. */
function unprintableFault(text: string): Fault | undefined {
  const from = text.search(UNPRINTABLE);
  if (from < 0) return undefined;
  const byte = strayByte(text.charAt(from));
  if (byte !== undefined) {
    const message = `the byte 0x${hexadecimal(byte)} is no text in UTF-8`;
    return { code: "YAML_SYNTAX", from, to: from + 1, message, hint: "Save the file as UTF-8." };
  }
  const code = hexadecimal(text.codePointAt(from) ?? 0).padStart(4, "0");
  const message = `the character U+${code} is no text of YAML`;
  return { code: "YAML_SYNTAX", from, to: from + 1, message, hint: "Remove it, and save the file as UTF-8." };
}

function hexadecimal(code: number): string {
  return code.toString(16).toUpperCase();
}

/** A tag that makes something of a value that no document of JSON holds. */
function foreignTag(document: Document.Parsed, text: string): readonly Fault[] {
  const found: Fault[] = [];
  if (!text.includes("!")) return found;
  visit(document, {
    Node: (_, node) => {
      const tag = "tag" in node ? node.tag : undefined;
      if (tag === undefined || JSON_TAGS.test(tag) || !node.range) return undefined;
      const shown = tag.replace(/^tag:yaml\.org,2002:/, "!!");
      const from = Math.max(0, text.lastIndexOf("!", node.range[0]));
      const message = `the tag ${shown} means nothing here`;
      const hint = "Remove it: a document holds what JSON can say.";
      found.push({ code: "YAML_SYNTAX", from, to: node.range[1], message, hint });
      return visit.BREAK;
    },
  });
  return found;
}

/** The place of a value that contains itself, which an alias inside its own anchor makes. */
export function loopOf(data: unknown): Pointer | undefined {
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

function syntaxFault(error: YAMLError, document: Document.Parsed): Fault {
  const [from, to] = error.pos;
  const fault = { code: "YAML_SYNTAX", from, to, hint: "" } as const;
  if (error.code === "MULTIPLE_DOCS") {
    return { ...fault, message: "a second document starts here", hint: "One file holds one document." };
  }
  if (error.code === "RESOURCE_EXHAUSTION") return { ...fault, message: "the text is nested too deeply" };
  const opening = error.message.startsWith("Missing closing") ? openingQuote(document, from) : undefined;
  return {
    ...fault,
    ...(opening === undefined ? {} : { from: opening, to: opening + 1 }),
    message: error.message.charAt(0).toLowerCase() + error.message.slice(1),
    hint: syntaxHint(error),
  };
}

function syntaxHint({ code, message }: YAMLError): string {
  // What is never closed goes on to where the indentation says that it cannot.
  const closing = /end with an? (.)$/.exec(message)?.[1];
  if (closing !== undefined) return `Add the ${closing} that is missing, here or before.`;
  return HINTS[code] ?? "Mend the text here or just before.";
}

/** Where the quote opens that is never closed: its end is the end of the file, which helps nobody. */
function openingQuote(document: Document.Parsed, end: number): number | undefined {
  let opening: number | undefined;
  visit(document, {
    Scalar: (_, { range, type }) => {
      if (range && type?.startsWith("QUOTE") && range[0] < end && range[1] >= end) opening = range[0];
    },
  });
  return opening;
}

function duplicateFault({ pos: [from] }: YAMLError, text: string): Fault {
  const key = /^("[^"\n]*"|'[^'\n]*'|[^:\s]+)/.exec(text.slice(from, from + 200))?.[0] ?? "";
  const message = `${key} stands twice in one mapping`;
  return { code: "YAML_DUPLICATE_KEY", from, to: from + key.length, message, hint: "Keep one of the two." };
}

function unknownAlias(document: Document.Parsed): readonly Fault[] {
  const anchors = new Set<string>();
  const found: Fault[] = [];
  visit(document, {
    Node: (_, node) => {
      if ("anchor" in node && node.anchor !== undefined) anchors.add(node.anchor);
    },
    Alias: (_, { source, range }) => {
      if (anchors.has(source) || !range) return undefined;
      const message = "no anchor of this name stands before it";
      const hint = "Write `&name` at the value that is meant.";
      found.push({ code: "YAML_ALIAS", from: range[0], to: range[1], message, hint });
      return visit.BREAK;
    },
  });
  return found;
}
