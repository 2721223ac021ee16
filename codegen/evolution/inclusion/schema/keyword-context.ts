import type { Formula, Formulas } from "../formula.ts";
import { isObject } from "../json.ts";
import type { Pattern } from "../language/pattern.ts";
import type { Dialect, Draft } from "./dialect.ts";

/** What a keyword's reader sees: the schema object that the keyword stands in, and how to go on from there. */
export interface KeywordContext {
  readonly formulas: Formulas;
  readonly dialect: Dialect;
  /** The value of a keyword; undefined when it is absent or asserts nothing in this dialect. */
  get(keyword: string): unknown;
  /** A schema about the same value. */
  here(schema: unknown): Formula;
  /** A schema about a member, an item or a name. */
  below(schema: unknown): Formula;
  pattern(source: string): Pattern;
  /** What the reference in this keyword leads to, as a schema about the same value. */
  target(keyword: string): Formula;
  /** The context of another schema about the same value; undefined for a boolean. */
  enter(schema: unknown): KeywordContext | undefined;
  /**
   * The context of what a reference leads to; undefined for a boolean.
   * @throws UnreadableKeyword when it leads nowhere
   */
  follow(keyword: string): KeywordContext | undefined;
}

/** Reads a group of keywords that mean something only together; undefined when they assert nothing. */
export interface KeywordGroup {
  readonly keywords: readonly string[];
  read(context: KeywordContext): Formula | undefined;
}

/** Thrown for a keyword of which we cannot say what it asks for. */
export class UnreadableKeyword extends Error {
  override readonly name = "UnreadableKeyword";
}

/** The error for a value of the wrong shape: what the keyword means is then anyone's guess. */
export function malformed(keyword: string): UnreadableKeyword {
  return new UnreadableKeyword(`the value of ${keyword} is not one that its specification allows`);
}

/** Whether a dialect is at least as new as a draft; a schema that says none may be any. */
export function isSince(dialect: Dialect, draft: Draft): boolean {
  return dialect === "unsaid" || dialect >= draft;
}

export function number(context: KeywordContext, keyword: string): number | undefined {
  const value = context.get(keyword);
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isFinite(value)) throw malformed(keyword);
  return value;
}

/** A count: an integer of zero or more, `2.0` included. */
export function size(context: KeywordContext, keyword: string): number | undefined {
  const value = number(context, keyword);
  if (value !== undefined && (value < 0 || !Number.isInteger(value))) throw malformed(keyword);
  return value;
}

export function list(context: KeywordContext, keyword: string): readonly unknown[] | undefined {
  const value = context.get(keyword);
  if (value !== undefined && !Array.isArray(value)) throw malformed(keyword);
  return value;
}

export function texts(value: unknown, keyword: string): readonly string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) throw malformed(keyword);
  return value;
}

/** The entries of a keyword that maps names to something; none when it is absent. */
export function entries(context: KeywordContext, keyword: string): [string, unknown][] {
  const value = context.get(keyword);
  if (value === undefined) return [];
  if (!isObject(value)) throw malformed(keyword);
  return Object.entries(value);
}
