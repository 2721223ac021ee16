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

const CONTENT = new Set(["contentEncoding", "contentMediaType", "contentSchema"]);

/** Whether a keyword is one that validators of draft-07 and before may check or not, as they like. */
export function isContent(keyword: string): boolean {
  return CONTENT.has(keyword);
}

/** Whether a keyword can be left out without changing what a schema accepts. Extensions (`x-`) can. */
export function isAnnotation(keyword: string, dialect: Dialect): boolean {
  if (isContent(keyword)) return dialect === 2019 || dialect === 2020;
  return ANNOTATIONS.has(keyword) || keyword.startsWith("x-");
}
