import { isObject } from "../json.ts";

/** A draft of JSON Schema, in order of publication; `unsaid` reads every keyword of every draft. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;
export type Dialect = Draft | "unsaid";

const DRAFTS = new Map<string, Dialect>([
  ["json-schema.org/schema", "unsaid"],
  ["json-schema.org/draft-04/schema", 4],
  ["json-schema.org/draft-06/schema", 6],
  ["json-schema.org/draft-07/schema", 7],
  ["json-schema.org/draft/2019-09/schema", 2019],
  ["json-schema.org/draft/2020-12/schema", 2020],
]);

/** What only the drafts from 2019-09 on have: a schema that says no draft and uses one of these is read as 2020-12. */
const MODERN = new Set([
  "$anchor",
  "$defs",
  "$dynamicAnchor",
  "$dynamicRef",
  "$recursiveRef",
  "dependentRequired",
  "dependentSchemas",
  "maxContains",
  "minContains",
  "prefixItems",
  "unevaluatedItems",
  "unevaluatedProperties",
]);

/** The draft that brought a keyword that asserts something; those that are not listed were always there. */
const SINCE = new Map<string, Draft>([
  ["$dynamicRef", 2020],
  ["$recursiveRef", 2019],
  ["const", 6],
  ["contains", 6],
  ["dependentRequired", 2019],
  ["dependentSchemas", 2019],
  ["else", 7],
  ["if", 7],
  ["maxContains", 2019],
  ["minContains", 2019],
  ["prefixItems", 2020],
  ["propertyNames", 6],
  ["then", 7],
  ["unevaluatedItems", 2019],
  ["unevaluatedProperties", 2019],
]);
/** The last draft that has a keyword. */
const UNTIL = new Map<string, Draft>([
  ["$recursiveRef", 2019],
  ["additionalItems", 2019],
]);

/**
 * The dialect of a document, by its `$schema`; undefined for a `$schema` that we do not know, whose keywords may mean
 * anything. Without one, AsyncAPI's default counts: draft-07.
 */
export function dialectOf(root: unknown): Dialect | undefined {
  const named = isObject(root) ? root["$schema"] : undefined;
  if (named === undefined) return "unsaid";
  return typeof named === "string" ? DRAFTS.get(named.replace(/^https?:\/\//, "").replace(/#$/, "")) : undefined;
}

/** Whether a keyword asserts something in a dialect; where it does not, validators ignore it. */
export function asserts(keyword: string, dialect: Dialect): boolean {
  if (dialect === "unsaid") return true;
  return dialect >= (SINCE.get(keyword) ?? 4) && dialect <= (UNTIL.get(keyword) ?? 2020);
}

/** Whether a schema can only have been written for draft 2019-09 or later. */
export function looksModern(schema: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(schema).some((keyword) => MODERN.has(keyword));
}

/** Whether the keywords beside a `$ref` count (from 2019-09 on) or are ignored (draft-07 and before). */
export function refHasSiblings(dialect: Dialect): boolean {
  return dialect !== "unsaid" && dialect >= 2019;
}
