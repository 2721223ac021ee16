/**
 * Code as a value: text with holes, whose imports are named only when the whole file is known. A hole
 * takes no string, so that text from a contract gets in as a literal, a checked name or a comment, and in
 * no other way.
 */
import { isIdentifier, memberName } from "./literal.ts";

/** What may fill a hole of {@link ts}. */
export type Part = Code | Import | Name | Data;

/** A piece of code: trusted text and parts, in order. */
export class Code {
  readonly parts: readonly (string | Part)[];
  /** What every line but the first is indented by. */
  readonly indentation: string;

  constructor(parts: readonly (string | Part)[], indentation = "") {
    this.parts = parts;
    this.indentation = indentation;
  }
}

/** A name that the file itself declares. Throws when it is none, so that no contract can smuggle code in as a name. */
export class Name {
  readonly text: string;

  constructor(text: string) {
    if (!isIdentifier(text)) throw new Error(`${JSON.stringify(text)} cannot be a name in generated code`);
    this.text = text;
  }
}

/** Something that another module exports. What the file calls it is decided when the file is printed. */
export class Import {
  readonly name: string;
  /** A package, or a path below the root of the generated files. A JSON file has one export, its value, which has no name. */
  readonly from: string;
  readonly typeOnly: boolean;
  /** What the file should call it when nothing else has that name. */
  readonly preferred: string;
  /** The same export under two preferred names is two imports; as type and as value it is one. */
  readonly identity: string;

  constructor(name: string, from: string, { typeOnly = false, as = name }: { typeOnly?: boolean; as?: string } = {}) {
    this.name = new Name(name).text;
    this.from = from;
    this.typeOnly = typeOnly;
    this.preferred = new Name(as).text;
    this.identity = `${from}\n${name}\n${as}`;
  }
}

/** Plain data that is printed as a literal. Properties that are undefined are left out. */
export type DataValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | Import
  | Name
  | readonly DataValue[]
  | { readonly [key: string]: DataValue };

/** A literal in code, broken over lines where it does not fit on one. */
export class Data {
  readonly value: DataValue;
  /** The outermost object or array takes a line for each member, however short it is. */
  readonly expanded: boolean;

  constructor(value: DataValue, expanded: boolean) {
    this.value = value;
    this.expanded = expanded;
  }
}

/** A type of another module. */
export function typeImport(name: string, from: string): Import {
  return new Import(name, from, { typeOnly: true });
}

/** A literal, on one line where it fits. */
export function data(value: DataValue): Data {
  return new Data(value, false);
}

/** A literal with a line for each member. */
export function block(value: DataValue): Data {
  return new Data(value, true);
}

/** Text that one of our own printers made: comments, types, compiled validators. Never text of a contract. */
export function trusted(text: string): Code {
  return new Code([text]);
}

/** The name of a member of a type, quoted where it must be. It declares nothing, so no import gives way to it. */
export function member(name: string): Code {
  return trusted(memberName(name));
}

/** Pieces of code with the same text between them. */
export function join(pieces: readonly Part[], separator: string): Code {
  return new Code(pieces.flatMap((piece, index) => (index === 0 ? [piece] : [separator, piece])));
}

/**
 * A template of code. The indentation of its first line is taken off every line, and the parts in its holes
 * are indented like the line that they stand on.
 */
export function ts(strings: TemplateStringsArray, ...holes: readonly Part[]): Code {
  const margin = /^\n *(?=\S|$)/.exec(strings[0] ?? "")?.[0];
  const last = strings.length - 1;
  let before = "";
  const parts = strings.flatMap((text, index): (string | Part)[] => {
    const dedented = margin === undefined ? text : text.replaceAll(margin, "\n").slice(index === 0 ? 1 : 0);
    const trimmed = margin !== undefined && index === last ? dedented.trimEnd() : dedented;
    before += trimmed;
    const indentation = /^ */.exec(before.slice(before.lastIndexOf("\n") + 1))?.[0] ?? "";
    return [trimmed, ...holes.slice(index, index + 1).map((hole) => new Code([hole], indentation))];
  });
  return new Code(parts);
}
