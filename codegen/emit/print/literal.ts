/** How text and names from a contract become tokens of JavaScript and TypeScript that no text can break out of. */

/** Marks that make an editor show text in another order than it runs in. */
export const reordering = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A string as a double-quoted literal on one line, with nothing in it that an editor shows as something else. */
export function stringLiteral(text: string): string {
  // JSON allows U+2028 and U+2029 raw; source code counts them as line ends.
  return JSON.stringify(text)
    .replace(/[\u2028\u2029]/g, unicodeEscape)
    .replace(reordering, unicodeEscape);
}

/** A number as people write it: `30_000`. */
export function numberLiteral(value: number): string {
  const text = String(value);
  return /^-?\d{4,}$/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, "_") : text;
}

/** The name of a member of a type: bare where the grammar allows it, else quoted. */
export function memberName(name: string): string {
  return isPlainName(name) ? name : stringLiteral(name);
}

/** The key of an object literal. `__proto__` is computed, since a plain one would set the prototype instead. */
export function objectKey(name: string): string {
  return name === "__proto__" ? '["__proto__"]' : memberName(name);
}

/** A regular expression as a literal where it reads as one, else as a constructor call. */
export function regularExpression(pattern: RegExp): string {
  if (/^[\x20-\x7e]*$/.test(pattern.source)) return String(pattern);
  return `new RegExp(${stringLiteral(pattern.source)}, ${stringLiteral(pattern.flags)})`;
}

/** Whether a name can stand in code as it is; reserved words cannot be declared. */
export function isIdentifier(name: string): boolean {
  // The names of the runtime and of Ajv are asked about in every file.
  if (identifiers.has(name)) return true;
  const is = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && !reserved.has(name);
  if (is && identifiers.size < MOST_IDENTIFIERS) identifiers.add(name);
  return is;
}

const identifiers = new Set<string>();
const MOST_IDENTIFIERS = 10_000;

/** The escape of a character in a string literal. */
export function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function isPlainName(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== "__proto__";
}

const reserved = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for function if implements import in instanceof interface let new null package private protected " +
    "public return static super switch this throw true try typeof undefined var void while with yield " +
    "any bigint boolean never number object string symbol unknown"
  ).split(" "),
);
