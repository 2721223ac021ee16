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
  const flat = printFlat(value, place.localName);
  // Two columns for what closes the line behind it.
  if (!expanded && place.column + flat.length + 2 <= LINE_WIDTH) return flat;
  const indentation = `${place.indentation}  `;
  const item = (member: DataValue, prefix: string) =>
    `${indentation}${prefix}${printData(member, { ...place, indentation, column: indentation.length + prefix.length }, false)},\n`;
  if (isList(value)) return `[\n${value.map((member) => item(member, "")).join("")}${place.indentation}]`;
  if (!isRecord(value)) return flat;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const lines = members.map(([key, member]) =>
    shorthand(key, member, place.localName) ? `${indentation}${key},\n` : item(member, `${objectKey(key)}: `),
  );
  return members.length === 0 ? "{}" : `{\n${lines.join("")}${place.indentation}}`;
}

function printFlat(value: DataValue, localName: Place["localName"]): string {
  if (value instanceof Import) return localName(value);
  if (value instanceof Name) return value.text;
  if (typeof value === "string") return stringLiteral(value);
  if (typeof value === "number") return numberLiteral(value);
  if (isList(value)) return `[${value.map((member) => printFlat(member, localName)).join(", ")}]`;
  if (!isRecord(value)) return String(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) =>
      shorthand(key, member, localName) ? key : `${objectKey(key)}: ${printFlat(member, localName)}`,
    );
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

function shorthand(key: string, member: DataValue, localName: Place["localName"]): boolean {
  if (member instanceof Import) return localName(member) === key;
  return member instanceof Name && member.text === key;
}

function isList(value: DataValue): value is readonly DataValue[] {
  return Array.isArray(value);
}

function isRecord(value: DataValue): value is { readonly [key: string]: DataValue } {
  return typeof value === "object" && value !== null && !(value instanceof Import) && !(value instanceof Name);
}
