/** What a precompiled validator found, in words that a caller or a dead letter can carry. */
import type { Violation } from "../descriptors.ts";
import { oneLine } from "./one-line.ts";

/** One fault of a value: where, and what is wrong there. */
export interface Fault {
  /** JSON pointer into the value; empty for the value itself. */
  readonly path: string;
  readonly message: string;
}

const MOST_FAULTS = 20;
const LONGEST_PATH = 200;
const LONGEST_MESSAGE = 200;

/** The violations as faults, at most 20 and each of bounded length, whatever the input was. */
export function listFaults(violations: readonly Violation[] | null | undefined): Fault[] {
  return (violations ?? []).slice(0, MOST_FAULTS).map((violation) => ({
    path: oneLine(violation.instancePath, LONGEST_PATH),
    message: oneLine(messageOf(violation), LONGEST_MESSAGE),
  }));
}

/** The violations in one line: `/items/0/quantity must be >= 1; ...`. */
export function describeFaults(violations: readonly Violation[] | null | undefined): string {
  const shown = listFaults(violations).map(({ path, message }) => (path === "" ? message : `${path} ${message}`));
  const rest = (violations?.length ?? 0) - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
}

/** The validator's own words, with the value that it leaves out where that is what the reader needs. */
function messageOf({ keyword, message, params }: Violation): string {
  const words = message ?? `does not satisfy ${keyword}`;
  if (keyword === "const") return `must be ${JSON.stringify(params["allowedValue"])}`;
  if (keyword === "enum") return `must be one of ${JSON.stringify(params["allowedValues"])}`;
  if (keyword === "additionalProperties") return `${words}: ${JSON.stringify(params["additionalProperty"])}`;
  return words;
}
