/** Types as text: how unions, intersections and members are written and broken over lines. */
import { docComment, type Documented } from "../print/comment.ts";
import { memberName, stringLiteral } from "../print/literal.ts";

/** A union longer than this takes a line for each alternative. */
const UNION_WIDTH = 72;

/** Alternatives behind a name or a colon. None of them is no value at all. */
export function unionText(alternatives: readonly string[]): string {
  if (alternatives.length === 0) return "never";
  const line = alternatives.join(" | ");
  const objects = alternatives.filter((alternative) => alternative.includes("\n")).length;
  const fits = objects === 0 ? line.length <= UNION_WIDTH : objects === 1;
  if (alternatives.length === 1 || fits) return line;
  return `\n${alternatives.map((alternative) => `  | ${alternative.replaceAll("\n", "\n    ")}`).join("\n")}`;
}

/** The type of a literal JSON value. */
export function literalType(value: unknown): string {
  if (typeof value === "string") return stringLiteral(value);
  if (Array.isArray(value)) return `readonly [${value.map(literalType).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const members = Object.entries(value).map(([name, member]) => `readonly ${memberName(name)}: ${literalType(member)}`);
  return members.length === 0 ? "{ readonly [key: string]: never }" : `{ ${members.join("; ")} }`;
}

/** One property with its comment. */
export function propertyText(name: string, required: boolean, type: string, notes: Documented): string {
  const separator = type.startsWith("\n") ? ":" : ": ";
  return `${docComment(notes)}readonly ${memberName(name)}${required ? "" : "?"}${separator}${type};`;
}

/** An object type written where it is used. */
export function objectText(members: readonly string[]): string {
  return members.length === 0 ? "{}" : `{\n${indent(members.join("\n"))}\n}`;
}

/** Every line two columns further in. */
export function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
