/** Plain data as literals of JavaScript. */
import { Import, Name, type DataValue } from "./code.ts";
import { numberLiteral, objectKey, stringLiteral } from "./literal.ts";

/** The columns that generated code keeps to. */
export const LINE_WIDTH = 120;

/** Where a literal stands, and what imports are called there. */
export interface Place {
  /** The column that the literal begins at. */
  readonly column: number;
  /** The white space that its line begins with. */
  readonly indentation: string;
  readonly localName: (imported: Import) => string;
}

/** A literal that keeps to the line width as far as its members allow. */
export function printData(value: DataValue, place: Place, expanded: boolean): string {
  if (!isList(value) && !isRecord(value)) return scalar(value, place.localName);
  // Two columns for what closes the line behind it.
  const flat = expanded ? undefined : printFlat(value, place.localName, LINE_WIDTH - 2 - place.column);
  if (flat !== undefined) return flat;
  const indentation = `${place.indentation}  `;
  const item = (member: DataValue, prefix: string) =>
    `${indentation}${prefix}${printData(member, { ...place, indentation, column: indentation.length + prefix.length }, false)},\n`;
  if (isList(value)) return `[\n${value.map((member) => item(member, "")).join("")}${place.indentation}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const lines = members.map(([key, member]) =>
    shorthand(key, member, place.localName) ? `${indentation}${key},\n` : item(member, `${objectKey(key)}: `),
  );
  return members.length === 0 ? "{}" : `{\n${lines.join("")}${place.indentation}}`;
}

/** The literal on one line; undefined when it has more characters than there is room for. */
function printFlat(value: DataValue, localName: Place["localName"], room: number): string | undefined {
  if (isList(value))
    return enclosed("[", value.values(), "]", room, (member, left) => printFlat(member, localName, left));
  if (isRecord(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    if (members.length === 0) return within("{}", room);
    return enclosed("{ ", members.values(), " }", room, ([key, member], left) => {
      if (shorthand(key, member, localName)) return key;
      const name = `${objectKey(key)}: `;
      const text = printFlat(member, localName, left - name.length);
      return text === undefined ? undefined : name + text;
    });
  }
  return within(scalar(value, localName), room);
}

function scalar(value: Scalar, localName: Place["localName"]): string {
  if (value instanceof Import) return localName(value);
  if (value instanceof Name) return value.text;
  if (typeof value === "string") return stringLiteral(value);
  return typeof value === "number" ? numberLiteral(value) : String(value);
}

/** Members between brackets, with commas between them. What does not fit is not printed to its end. */
function enclosed<T>(
  open: string,
  members: Iterable<T>,
  close: string,
  room: number,
  print: (member: T, room: number) => string | undefined,
): string | undefined {
  let text = "";
  for (const member of members) {
    const before = text === "" ? open : `${text}, `;
    const printed = print(member, room - before.length - close.length);
    if (printed === undefined) return undefined;
    text = before + printed;
  }
  return within((text === "" ? open : text) + close, room);
}

function within(text: string, room: number): string | undefined {
  return text.length <= room ? text : undefined;
}

function shorthand(key: string, member: DataValue, localName: Place["localName"]): boolean {
  if (member instanceof Import) return localName(member) === key;
  return member instanceof Name && member.text === key;
}

type Scalar = string | number | boolean | null | undefined | Import | Name;

function isList(value: DataValue): value is readonly DataValue[] {
  return Array.isArray(value);
}

function isRecord(value: DataValue): value is { readonly [key: string]: DataValue } {
  return typeof value === "object" && value !== null && !(value instanceof Import) && !(value instanceof Name);
}
