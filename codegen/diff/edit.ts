/** One difference between two schemas, as data: what was done, where, and how to do it again on either of them. */
import type { JsonObject } from "../spec/json.ts";
import type { Pointer } from "../spec/pointer.ts";
import { withDefinitionsOf, withValue } from "./document.ts";

export type EditKind =
  | "property-added"
  | "property-removed"
  | "property-renamed"
  | "required-added"
  | "required-removed"
  | "values-added"
  | "values-removed"
  | "type-widened"
  | "type-narrowed"
  | "keyword-added"
  | "keyword-removed"
  | "keyword-changed"
  | "schema-replaced";

/** A difference between two schemas that cannot be taken apart further. */
export interface Edit {
  readonly kind: EditKind;
  /** JSON pointer into the payload, `*` for every element; empty for the whole of it. */
  readonly path: string;
  /** What was done, to stand behind "v1": `makes quantity required`. */
  readonly what: string;
  /** Where it stands in the current schema; the nearest place around it when it does not. */
  readonly at: Pointer;
  /** What was there and what is there now; undefined for nothing. */
  readonly before: unknown;
  readonly after: unknown;
  readonly parts: readonly Part[];
}

/** A value that differs between the two documents; undefined where there is none. */
export interface Part {
  /** Its place in the base, and what would stand there had nothing but this edit been made. */
  readonly inBase: Pointer;
  readonly applied: unknown;
  /** Its place in the current document, and what would stand there had everything but this edit been made. */
  readonly inCurrent: Pointer;
  readonly reverted: unknown;
}

/** Two schemas of the same value, and where they stand. */
export interface Pair {
  readonly before: unknown;
  readonly after: unknown;
  readonly inBase: Pointer;
  readonly inCurrent: Pointer;
  /** JSON pointer into the payload. */
  readonly path: string;
}

/** The base with nothing changed but this edit. */
export function applied(edit: Edit, base: JsonObject, current: JsonObject): JsonObject {
  return edit.parts.reduce(
    (document, part) => withValue(document, part.inBase, part.applied),
    withDefinitionsOf(base, current),
  );
}

/** The current document with everything changed but this edit. */
export function reverted(edit: Edit, base: JsonObject, current: JsonObject): JsonObject {
  return edit.parts.reduce(
    (document, part) => withValue(document, part.inCurrent, part.reverted),
    withDefinitionsOf(current, base),
  );
}
