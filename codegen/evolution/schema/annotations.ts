import type { Dialect } from "./dialect.ts";

/** Keywords that assert nothing about a value: notes for people and tools, identities, and places that hold schemas. */
const ANNOTATIONS = new Set([
  "$anchor",
  "$comment",
  "$defs",
  "$dynamicAnchor",
  "$id",
  "$recursiveAnchor",
  "$schema",
  "$vocabulary",
  "default",
  "definitions",
  "deprecated",
  "description",
  "example",
  "examples",
  "externalDocs",
  "id",
  "readOnly",
  "title",
  "writeOnly",
  "xml",
]);

/** Assertions that a draft-07 validator may make and a later one may not. */
const CONTENT = new Set(["contentEncoding", "contentMediaType", "contentSchema"]);

/** Whether a keyword can be left out without changing what a schema accepts. Extensions (`x-`) can. */
export function isAnnotation(keyword: string, dialect: Dialect): boolean {
  if (CONTENT.has(keyword)) return dialect === 2019 || dialect === 2020;
  return ANNOTATIONS.has(keyword) || keyword.startsWith("x-");
}
