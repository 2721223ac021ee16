/** Keywords of a schema that do not go together with its `type`: what checks nothing, and what nothing can satisfy. */
import { isObject, type JsonObject, own } from "./json.ts";
import { TYPES } from "./keywords.ts";
import type { Dialect } from "./languages.ts";
import { type Pointer, under } from "./pointer.ts";
import type { Report } from "./report.ts";

const OF_OBJECTS =
  "properties patternProperties additionalProperties propertyNames required dependencies minProperties maxProperties";
const OF_ARRAYS = "items additionalItems contains minItems maxItems uniqueItems";
const OF_TEXTS = "pattern minLength maxLength";
const OF_NUMBERS = "multipleOf minimum maximum exclusiveMinimum exclusiveMaximum";

/** The types that a keyword speaks of; of a value of any other it says nothing. */
const SPEAKS_OF: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({ object: OF_OBJECTS, array: OF_ARRAYS, string: OF_TEXTS, number: OF_NUMBERS }).flatMap(
    ([type, keywords]) =>
      keywords.split(" ").map((keyword) => [keyword, type === "number" ? ["number", "integer"] : [type]]),
  ),
);

/** Warns of keywords that the type of their schema leaves nothing to say, and of values that it does not allow. */
export function checkAgainstType(schema: JsonObject, at: Pointer, dialect: Dialect, report: Report): void {
  const types = typesOf(schema, dialect);
  if (types === undefined) return;
  warnOfIdle(schema, types, at, report);
  warnOfImpossible(schema, types, at, report);
}

/** The types that a schema allows; undefined where it says nothing of them, or nothing that can be understood. */
function typesOf(schema: JsonObject, dialect: Dialect): readonly string[] | undefined {
  const said = own(schema, "type");
  const types: readonly unknown[] = Array.isArray(said) ? said : [said];
  if (types.length === 0 || !types.every(isType)) return undefined;
  return dialect === "openapi" && own(schema, "nullable") === true ? [...types, "null"] : types;
}

function isType(type: unknown): type is string {
  return TYPES.some((known) => known === type);
}

function warnOfIdle(schema: JsonObject, types: readonly string[], at: Pointer, report: Report): void {
  const idle = Object.keys(schema).filter((keyword) => {
    const speaksOf = SPEAKS_OF.get(keyword);
    return speaksOf !== undefined && !isEmpty(schema[keyword]) && !speaksOf.some((type) => types.includes(type));
  });
  const [first] = idle;
  if (first === undefined) return;
  const ofElements = types.includes("array") && idle.includes("properties");
  report.warning(
    "SCHEMA_KEYWORD_IDLE",
    { at: under(at, first), side: "name" },
    `${idle.join(", ")} ${idle.length > 1 ? "check" : "checks"} nothing, since the type is ${types.join(" or ")}`,
    ofElements ? "What is said of the elements of a list stands under items." : "Remove it, or mend the type.",
  );
}

/** What generators write for nothing: `required: []`, `uniqueItems: false`. */
function isEmpty(value: unknown): boolean {
  return (
    value === false || (isObject(value) ? Object.keys(value).length === 0 : Array.isArray(value) && value.length === 0)
  );
}

function warnOfImpossible(schema: JsonObject, types: readonly string[], at: Pointer, report: Report): void {
  for (const keyword of ["enum", "const"]) {
    const said = own(schema, keyword);
    if (said === undefined || (keyword === "enum" && !Array.isArray(said))) continue;
    const values: readonly unknown[] = keyword === "enum" && Array.isArray(said) ? said : [said];
    const wrong = values.filter((value) => !isOf(value, types));
    if (wrong.length === 0) continue;
    const place = under(at, keyword);
    const all = wrong.length === values.length;
    report.warning(
      "SCHEMA_VALUE_IMPOSSIBLE",
      keyword === "enum" && !all ? under(place, values.indexOf(wrong[0])) : place,
      all
        ? `nothing satisfies this schema: its type is ${types.join(" or ")}, and ${keyword} is ${texts(wrong)}`
        : `${texts(wrong)} can never be the value, since the type is ${types.join(" or ")}`,
      types.includes("string") && wrong.every((value) => typeof value === "number" || typeof value === "boolean")
        ? "Quote what is meant as a text."
        : "Mend the value, or the type.",
    );
  }
}

function isOf(value: unknown, types: readonly string[]): boolean {
  if (value === null) return types.includes("null");
  if (Array.isArray(value)) return types.includes("array");
  if (typeof value === "number") return types.includes("number") || (types.includes("integer") && value % 1 === 0);
  return types.includes(typeof value);
}

/** Values as JSON, the first few of many. */
function texts(values: readonly unknown[]): string {
  const shown = values.slice(0, 3).map((value) => JSON.stringify(value));
  return values.length > shown.length
    ? `${shown.join(", ")} and ${values.length - shown.length} more`
    : shown.join(", ");
}
