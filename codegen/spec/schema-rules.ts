/** Checks every schema of a document keyword by keyword: what draft-07 ignores in silence is said here. */
import { closest, meant } from "../suggest.ts";
import { isObject, type JsonObject, own } from "./json.ts";
import { hasShape, WANTED } from "./keyword-shapes.ts";
import { checkAgainstType } from "./keyword-types.ts";
import { FORMATS, KEYWORDS, type KeywordShape, TYPES } from "./keywords.ts";
import { type Pointer, under } from "./pointer.ts";
import type { Report } from "./report.ts";
import { type Dialect, dialectOf } from "./languages.ts";
import { visits } from "./walk.ts";

/** Keywords of other drafts and dialects, with what to write here. */
const FOREIGN: Readonly<Record<string, string>> = {
  nullable: 'Write the type as a list: type: [string, "null"].',
  example: "Write examples, a list.",
  id: "Write $id.",
  $defs: "Put the schema under components/schemas.",
  prefixItems: "Write items, a list.",
  dependentRequired: "Write dependencies.",
  dependentSchemas: "Write dependencies.",
  unevaluatedProperties: "Write additionalProperties: false in each branch.",
  divisibleBy: "Write multipleOf.",
};

/** What OpenAPI 3.0 says otherwise than JSON Schema, and what it adds. */
const OPENAPI = new Set(["nullable", "example", "xml", "discriminator", "exclusiveMinimum", "exclusiveMaximum"]);

/** What may stand beside `$ref`: it describes and does not check. */
const BESIDE_REF = new Set(["$ref", "description", "title", "deprecated", "examples", "externalDocs", "$comment"]);

const IGNORED_NULLABLE = [
  "nullable is ignored beside $ref",
  'Write anyOf with two branches, the $ref and { type: "null" }.',
] as const;

/** Reports misspelt and foreign keywords, values that a keyword cannot have, invalid patterns and unknown formats. */
export function checkSchemas(document: unknown, report: Report): void {
  for (const { kind, at, value, dialect, placed } of visits(document)) {
    // In a contract of ours a reference to what stands nowhere is a fault by itself.
    if (!placed && report.strict) continue;
    if (kind === "schema") checkSchema(value, at, dialect, report);
    if (kind === "multi-format schema" || kind === "message") checkLanguage(value, at, report);
  }
}

function checkLanguage(schema: JsonObject, at: Pointer, report: Report): void {
  const language = own(schema, "schemaFormat");
  if (typeof language !== "string" || dialectOf(language) !== undefined) return;
  const hint = "Write it as JSON Schema draft-07, as AsyncAPI's own schema object, or as one of OpenAPI 3.0.";
  report.error(
    "SCHEMA_LANGUAGE_UNSUPPORTED",
    under(at, "schemaFormat"),
    `schemas written in "${language}" are unsupported`,
    hint,
  );
}

function checkSchema(schema: JsonObject, at: Pointer, dialect: Dialect, report: Report): void {
  const isRef = typeof own(schema, "$ref") === "string";
  for (const [keyword, value] of Object.entries(schema)) {
    const place = { at: under(at, keyword), side: "name" } as const;
    const shape = KEYWORDS.get(keyword);
    if (keyword.startsWith("x-")) continue;
    // Who writes `nullable` beside a reference means it, and no dialect reads it there.
    if (isRef && keyword === "nullable") report.fault("SCHEMA_REF_SIBLING", place, ...IGNORED_NULLABLE);
    else if (dialect === "openapi" && OPENAPI.has(keyword)) continue;
    else if (shape === undefined) {
      report.fault("SCHEMA_KEYWORD_UNKNOWN", place, unknownText(keyword), FOREIGN[keyword] ?? closestText(keyword));
    } else if (isRef && !BESIDE_REF.has(keyword)) {
      report.fault(
        "SCHEMA_REF_SIBLING",
        place,
        `${keyword} is ignored beside $ref`,
        "Put both into allOf, or the keyword into the schema that is referred to.",
      );
    } else checkValue(keyword, shape, value, under(at, keyword), report);
  }
  if (isRef) return;
  checkRequired(schema, at, report);
  checkAgainstType(schema, at, dialect, report);
}

function checkValue(keyword: string, shape: KeywordShape, value: unknown, at: Pointer, report: Report): void {
  if (keyword === "type") checkTypes(value, at, report);
  else if (!hasShape(shape, value)) report.fault("SCHEMA_KEYWORD_INVALID", at, `${keyword} must be ${WANTED[shape]}`);
  else if (keyword === "pattern") checkRegex(value, at, report);
  else if (keyword === "patternProperties" && isObject(value)) {
    for (const pattern of Object.keys(value)) checkRegex(pattern, { at: under(at, pattern), side: "name" }, report);
  } else if (keyword === "enum" && Array.isArray(value) && value.length === 0) {
    report.fault("SCHEMA_KEYWORD_INVALID", at, "enum is empty, so no value satisfies it");
  } else if (keyword === "format" && typeof value === "string" && !FORMATS.has(value)) {
    report.fault("SCHEMA_FORMAT_UNKNOWN", at, `no validator knows the format ${value}`, meant(value, [...FORMATS]));
  }
}

function checkTypes(value: unknown, at: Pointer, report: Report): void {
  const listed: readonly unknown[] = Array.isArray(value) ? value : [value];
  const known = new Set<unknown>(TYPES);
  for (const [index, type] of listed.entries()) {
    if (known.has(type)) continue;
    const place = Array.isArray(value) ? under(at, index) : at;
    // Without quotes it is no word to YAML, but nothing.
    const hint = type === null ? 'Write it in quotes: "null".' : meant(typeof type === "string" ? type : "", TYPES);
    report.fault("SCHEMA_KEYWORD_INVALID", place, `${JSON.stringify(type)} is no type`, hint);
  }
  if (listed.length === 0) {
    report.fault("SCHEMA_KEYWORD_INVALID", at, "type is an empty list, so no value satisfies it");
  }
  if (new Set(listed).size < listed.length) {
    report.fault("SCHEMA_KEYWORD_INVALID", at, "type lists the same type twice");
  }
}

function checkRegex(pattern: unknown, place: Pointer | { at: Pointer; side: "name" }, report: Report): void {
  try {
    new RegExp(String(pattern), "u");
  } catch (error) {
    const why =
      error instanceof Error ? error.message.replace(/^Invalid regular expression: \/.*\/u: /s, "") : String(error);
    report.fault(
      "SCHEMA_REGEX_INVALID",
      place,
      `not a regular expression: ${why}`,
      "Patterns are ECMAScript with the u flag; escape only what needs it.",
    );
  }
}

/** A misspelt name under `required` would make every value invalid, or check nothing. */
function checkRequired(schema: JsonObject, at: Pointer, report: Report): void {
  const required = own(schema, "required");
  const properties = own(schema, "properties");
  if (!Array.isArray(required) || !isObject(properties)) return;
  for (const [index, name] of required.entries()) {
    if (typeof name !== "string" || Object.hasOwn(properties, name)) continue;
    const near = closest(
      name,
      Object.keys(properties).filter((property) => !required.includes(property)),
    );
    if (near === undefined) continue;
    report.fault(
      "SCHEMA_REQUIRED_UNDECLARED",
      under(at, "required", index),
      `${name} is required and not declared`,
      `Did you mean ${near}?`,
    );
  }
}

function unknownText(keyword: string): string {
  return `${keyword} is no keyword of JSON Schema draft-07`;
}

function closestText(keyword: string): string {
  const near = closest(keyword, KEYWORDS.keys());
  return near === undefined ? "Remove it, or prefix it with x-." : `Did you mean ${near}?`;
}
