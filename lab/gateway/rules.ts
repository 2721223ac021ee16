/** Reads rules that came as JSON. */
import { MODES, OPERATIONS, type Rule } from "./behaviour.ts";

/** The rules in a request body, or a sentence that says what is wrong with them. */
export function parseRules(value: unknown): readonly Rule[] | string {
  if (!Array.isArray(value)) return "The body must be a JSON array of rules; an empty one makes every call go well.";
  const rules: Rule[] = [];
  for (const [index, item] of value.entries()) {
    if (!isRule(item)) return `Rule ${index}: ${faultOf(item)}`;
    rules.push(item);
  }
  return rules;
}

function isRule(item: unknown): item is Rule {
  return faultOf(item) === undefined;
}

function faultOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) return "must be an object.";
  for (const [name, value] of Object.entries(item)) {
    const check = FIELDS.get(name);
    if (!check) return `has no field ${JSON.stringify(name)}; fields are ${[...FIELDS.keys()].join(", ")}.`;
    if (!check.holds(value)) return `${name} must be ${check.means}.`;
  }
  return "mode" in item ? undefined : `needs a mode: ${MODES.join(", ")}.`;
}

function whole(least: number, most?: number) {
  return {
    means: most === undefined ? `a whole number, ${least} or more` : `a whole number from ${least} to ${most}`,
    holds: (value: unknown) =>
      typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= (most ?? value),
  };
}

function oneOf(words: readonly string[]) {
  return {
    means: `one of ${words.join(", ")}`,
    holds: (value: unknown) => typeof value === "string" && words.includes(value),
  };
}

function listOf(words: readonly string[]) {
  return {
    means: `a list of ${words.join(", ")}`,
    holds: (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(oneOf(words).holds),
  };
}

const FIELDS = new Map<string, { readonly means: string; readonly holds: (value: unknown) => boolean }>([
  ["mode", oneOf(MODES)],
  ["operations", listOf(OPERATIONS)],
  ["key", { means: "a string", holds: (value) => typeof value === "string" }],
  ["amount", whole(0)],
  ["times", whole(1)],
  ["delayMs", whole(0, 600_000)],
  ["status", whole(400, 599)],
  ["reason", oneOf(["declined", "expired"])],
]);
