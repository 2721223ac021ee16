/** JSON values as schemas see them: six kinds, one equality, code points. */

/** The kinds of JSON value; an integer is a number (JSON Schema has no seventh kind). */
export const KINDS = ["null", "boolean", "number", "string", "array", "object"] as const;

export type Kind = (typeof KINDS)[number];

/** True for a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `Array.isArray` that keeps the items unknown. */
export function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** The kind of a value, or undefined for what JSON cannot say (NaN, undefined, a function). */
export function kindOf(value: unknown): Kind | undefined {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    case "number":
      return Number.isFinite(value) ? "number" : undefined;
    case "object":
      return value === null ? "null" : Array.isArray(value) ? "array" : "object";
    default:
      return undefined;
  }
}

/** A text that is the same for two values exactly when JSON Schema calls them equal: 1 is 1.0, -0 is 0, members have no order. */
export function keyOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(keyOf).join(",")}]`;
  if (isObject(value)) {
    const members = Object.keys(value).toSorted();
    return `{${members.map((name) => `${JSON.stringify(name)}:${keyOf(value[name])}`).join(",")}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** The length of a string in code points, which is what minLength and maxLength count. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
