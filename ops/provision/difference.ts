/** One setting that is not as the contract says, in words. */
import type { DurablePriority } from "@tandem/runtime/admin";
import { span } from "./in-numbers.ts";
import type { FieldChange } from "./plan.ts";

/** Of a list, what comes and what goes; of an object, what is another: nobody compares twenty subjects by eye. */
export function difference({ from, to }: FieldChange): string {
  if (isPriority(from) && isPriority(to)) return `${policyText(from)} → ${policyText(to)}`;
  if (isRecord(from) && isRecord(to)) {
    const other = Object.entries(to).filter(([key, value]) => from[key] !== value);
    return other
      .map(([key, value]) => `${key} ${JSON.stringify(from[key]) ?? "none"} → ${JSON.stringify(value)}`)
      .join(", ");
  }
  if (!Array.isArray(from) || !Array.isArray(to)) return `${JSON.stringify(from)} → ${JSON.stringify(to)}`;
  const added = to.filter((member) => !from.includes(member)).map((member) => `added ${String(member)}`);
  const removed = from.filter((member) => !to.includes(member)).map((member) => `removed ${String(member)}`);
  return [...added, ...removed].join(", ");
}

/** `none`, `prioritized`, `overflow`, `pinned for 30 s`. */
export function policyText(priority: DurablePriority | null): string {
  if (priority === null) return "none";
  return priority.policy === "pinned" ? `pinned for ${span(priority.timeoutMs)}` : priority.policy;
}

/** Null is a policy too: none. */
function isPriority(value: unknown): value is DurablePriority | null {
  return value === null || (isRecord(value) && "policy" in value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
