/** The doubts that inference left as comments, for a person to clear. */
import { parseDocument } from "yaml";
import type { Pointer } from "../spec/pointer.ts";
import { endOf, findOwn, startOf } from "./own-place.ts";

export interface Doubt {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** The comments `# unsure: ...` and `# not inferred: ...` beside and right below a value. */
export function doubtsIn(text: string, at: Pointer): Doubt[] {
  const found = findOwn(parseDocument(text, { merge: true, prettyErrors: false }), at);
  if (found.is !== "place" || found.place.value === undefined) return [];
  const lines = text.split(/\r?\n/);
  const lineOf = (offset: number): number => text.slice(0, offset).split("\n").length;
  let last = lineOf(endOf(found.place.value, text));
  while (/^\s*#/.test(lines[last] ?? "")) last += 1;
  return lines.slice(0, last).flatMap((line, index) => {
    const doubt = /#\s*((?:unsure|not inferred): .*)$/.exec(line)?.[1];
    return doubt === undefined || index + 1 < lineOf(startOf(found.place.value ?? found.place.parent))
      ? []
      : [{ line: index + 1, text: doubt }];
  });
}
