/** Single values of a document, as the kind of thing that they are. */
import type { Said } from "../contract.ts";
import { parseDuration } from "../duration.ts";
import { type Node, text } from "../node.ts";

/** A text with its place. */
export function saidText(node: Node | undefined): Said<string> | undefined {
  const value = text(node);
  return node === undefined || value === undefined ? undefined : { value, at: node.at };
}

export function numberOf(node: Node | undefined): number | undefined {
  return typeof node?.value === "number" ? node.value : undefined;
}

/** A duration in milliseconds. */
export function durationOf(node: Node | undefined): number | undefined {
  const parsed = parseDuration(text(node) ?? "");
  return "ms" in parsed ? parsed.ms : undefined;
}

/** The number of a version that is named `v2`. */
export function versionNumber(name: string): number | undefined {
  const digits = /^v([1-9]\d*)$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The texts of a list; undefined when there is no list. */
export function textsOf(node: Node | undefined): readonly string[] | undefined {
  return Array.isArray(node?.value)
    ? node.value.filter((value): value is string => typeof value === "string")
    : undefined;
}
