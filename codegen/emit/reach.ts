/** What a schema reaches: the shared schemas that it refers to, and those that they refer to. */
import { digest } from "../kept/fingerprint.ts";
import type { JsonSchema } from "../model/model.ts";
import type { Definitions } from "./json-schema.ts";

const REFERENCE = "#/definitions/";

/** A shared schema by name, with a digest of what it says. */
export type Reached = readonly [name: string, digest: string];

export interface Reach {
  /** The names that a schema itself refers to, in alphabetical order. */
  direct(schema: JsonSchema): readonly string[];
  /** Everything that a schema, or what holds schemas, refers to in the end, by name. */
  all(holder: unknown): readonly Reached[];
}

/** Prepares to follow references among these shared schemas. */
export function reachIn(definitions: Definitions): Reach {
  const known = new Map<string, { readonly digest: string; readonly names: readonly string[] }>();
  const lookUp = (name: string) => {
    const schema = definitions.get(name) ?? true;
    const found = known.get(name) ?? { digest: digest(JSON.stringify(schema)), names: namesIn(schema) };
    known.set(name, found);
    return found;
  };
  return {
    direct: namesIn,
    all(holder) {
      const reached = new Set(namesIn(holder));
      // The set grows while it is walked.
      for (const name of reached) for (const next of lookUp(name).names) reached.add(next);
      return [...reached].toSorted().map((name) => [name, lookUp(name).digest]);
    },
  };
}

function namesIn(holder: unknown): readonly string[] {
  const names = new Set<string>();
  const search = (value: unknown): void => {
    if (typeof value === "string" && value.startsWith(REFERENCE)) names.add(value.slice(REFERENCE.length));
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(search);
  };
  search(holder);
  return [...names].toSorted();
}
