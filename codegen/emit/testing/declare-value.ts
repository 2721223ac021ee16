/** Values as TypeScript, to be held against types. */

/** A value as a constant, so that no excess property check stands between it and the type. */
export function declareValue(name: string, type: string, value: unknown, comment: string): string {
  const constant = typeof value === "object" && value !== null ? `${source(value)} as const` : source(value);
  return `const value${name} = ${constant};\n${comment}export const typed${name}: ${type} = value${name};`;
}

/** A value as TypeScript; `__proto__` as an own property. */
function source(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(source).join(", ")}]`;
  if (typeof value !== "object" || value === null) return value === null ? "null" : JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, member]) => `[${JSON.stringify(key)}]: ${source(member)}`)
    .join(", ")} }`;
}
