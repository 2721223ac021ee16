import type { Reason } from "./gates.ts";

/** Reasons for a person: what holds, what does not, and what to do about it. */
export function reasonLines(reasons: readonly Reason[]): string[] {
  return reasons.flatMap(({ holds, text, todo }) => [
    `  ${holds ? "ok" : "no"}  ${text.replaceAll("\n", "\n      ")}`,
    ...(todo === undefined ? [] : [`      ${todo}`]),
  ]);
}
