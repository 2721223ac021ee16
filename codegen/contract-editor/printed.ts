/** Values as YAML or JSON on one line, the way a careful person writes them into a contract. */
import { stringify } from "yaml";
import { isList, isObject } from "../spec/json.ts";

/** In which language a value is written, and how a text is: `block` needs no quotes where only brackets would ask for them. */
export type Style = "json" | "yaml" | "block" | "single-quoted";

/** A reader of YAML 1.1 takes yes, no and on for booleans, so those are quoted. */
const SCALARS = { lineWidth: 0, singleQuote: true, compat: "yaml-1.1" } as const;

/** The value on one line: `{ number: 2, state: draft }`. */
export function printed(value: unknown, style: Style = "yaml"): string {
  if (style === "json") return JSON.stringify(value) ?? "null";
  if (style === "single-quoted" && typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (style === "block" && typeof value === "string") return stringify(value, SCALARS).trimEnd();
  if (isList(value)) return `[${value.map((item) => printed(item)).join(", ")}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(([key, member]) => `${scalar(key)}: ${printed(member)}`);
    return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
  }
  return scalar(value);
}

/** A scalar that reads the same inside brackets as outside. */
function scalar(value: unknown): string {
  const line = stringify([value ?? null], { ...SCALARS, collectionStyle: "flow", flowCollectionPadding: false });
  return line.trimEnd().slice(1, -1);
}
