/** A contract of random schemas. */
import type { JsonSchema } from "../../../model/model.ts";

/** Schemas as a contract has them: those with names, and the payloads. */
export interface Schemas {
  readonly named: Readonly<Record<string, JsonSchema>>;
  readonly payloads: readonly JsonSchema[];
}

const FIRST_LINE = 3;

/** The text: each schema stands on a line of its own, so that what is said of a line is said of a schema. */
export function contractOf({ named, payloads }: Schemas): string {
  return [
    '{"asyncapi":"3.0.0","info":{"title":"Random","version":"1.0.0"},',
    '"channels":{"all":{"address":"all","messages":{',
    payloads.map((schema, index) => `"${payloadName(index)}":{"payload":${json(schema)}}`).join(",\n"),
    '}}},"components":{"schemas":{',
    Object.entries(named)
      .map(([name, schema]) => `${JSON.stringify(name)}:${json(schema)}`)
      .join(",\n"),
    "}}}",
  ].join("\n");
}

/** What the payload is called. */
export function payloadName(index: number): string {
  return `P${index}`;
}

/** Which schema stands on a line, by its name. */
export function schemaOn(line: number, { named, payloads }: Schemas): string | undefined {
  const at = line - FIRST_LINE;
  return at < payloads.length ? payloadName(at) : Object.keys(named)[at - payloads.length - 1];
}

/** The names of the schemas that a schema leads to. */
export function reachedFrom(schema: JsonSchema, named: Schemas["named"]): ReadonlySet<string> {
  const names = new Set<string>();
  const search = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const name = "$ref" in value ? String(value.$ref).replace("#/components/schemas/", "") : undefined;
    if (name !== undefined && !names.has(name)) {
      names.add(name);
      search(named[name]);
    }
    Object.values(value).forEach(search);
  };
  search(schema);
  return names;
}

/** As `JSON.stringify` writes it, and `-0`, which is JSON as well. */
function json(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  if (Array.isArray(value)) return `[${value.map(json).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${json(member)}`);
  return `{${members.join(",")}}`;
}
