/** Takes the difference between two schemas apart into single edits. */
import { isList, isObject, type JsonObject, own } from "../spec/json.ts";
import { type Pointer, under } from "../spec/pointer.ts";
import { referenceIn, referenceTo } from "./document.ts";
import type { Edit, Pair } from "./edit.ts";
import { enumEdits, keywordEdit, typeEdits } from "./keyword-edits.ts";
import { objectEdits } from "./object-edits.ts";
import { isSame } from "./same.ts";

/** Keywords that describe and do not check. */
const SILENT = new Set([
  ...[
    "title",
    "description",
    "examples",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
    "$id",
    "$schema",
  ],
  ...["externalDocs", "definitions", "contentEncoding", "contentMediaType"],
]);

/** The single edits that lead from the base to the current document, in the order of the current one. */
export function schemaEdits(base: JsonObject, current: JsonObject): Edit[] {
  const seen = new Set<string>();
  const follow = (document: JsonObject, schema: unknown, at: Pointer): [unknown, Pointer] => {
    const name = referenceIn(schema);
    const definitions = own(document, "definitions");
    return name === undefined ? [schema, at] : [own(definitions, name), under("/definitions", name)];
  };

  const compare = (pair: Pair): Edit[] => {
    const [before, inBase] = follow(base, pair.before, pair.inBase);
    const [after, inCurrent] = follow(current, pair.after, pair.inCurrent);
    const identity = `${inBase} ${inCurrent}`;
    if (seen.has(identity)) return [];
    seen.add(identity);
    return differences({ before, after, inBase, inCurrent, path: pair.path });
  };

  const differences = (pair: Pair): Edit[] => {
    const { before, after } = pair;
    if (!isObject(before) || !isObject(after)) return isSame(before, after) ? [] : [replacement(pair)];
    const keywords = [...new Set([...Object.keys(after), ...Object.keys(before)])].filter((word) => !SILENT.has(word));
    return [
      ...objectEdits(pair, before, after, compare),
      ...keywords.flatMap((keyword) => keywordDifferences(pair, keyword, before[keyword], after[keyword])),
    ];
  };

  /** A keyword as a whole, and what it refers to when it says the same. */
  const changed = (pair: Pair, keyword: string, before: unknown, after: unknown): Edit[] => {
    if (!isSame(before, after)) return [keywordEdit(pair, keyword, before, after)];
    return referencesIn(after).flatMap((name) => {
      const reference = { $ref: referenceTo(name) };
      return compare({ ...pair, before: reference, after: reference });
    });
  };

  const keywordDifferences = (pair: Pair, keyword: string, before: unknown, after: unknown): Edit[] => {
    const inside = (step: string, ...tokens: readonly (string | number)[]): Pair => ({
      before: tokens.reduce<unknown>((value, token) => own(value, String(token)), before),
      after: tokens.reduce<unknown>((value, token) => own(value, String(token)), after),
      inBase: under(pair.inBase, keyword, ...tokens),
      inCurrent: under(pair.inCurrent, keyword, ...tokens),
      path: `${pair.path}${step}`,
    });
    switch (keyword) {
      case "properties":
      case "required":
        return [];
      case "enum":
        return isList(before) && isList(after) ? enumEdits(pair, before, after) : changed(pair, keyword, before, after);
      case "type":
        return typeEdits(pair, before, after);
      case "items":
      case "additionalProperties":
        if (!isObject(before) || !isObject(after)) return changed(pair, keyword, before, after);
        return compare(inside("/*"));
      case "allOf":
      case "anyOf":
      case "oneOf":
        if (!isList(before) || !isList(after) || before.length !== after.length)
          return changed(pair, keyword, before, after);
        return after.flatMap((_, index) => compare(inside("", index)));
      case "patternProperties": {
        if (
          !isObject(before) ||
          !isObject(after) ||
          !isSame(Object.keys(before).toSorted(), Object.keys(after).toSorted())
        ) {
          return changed(pair, keyword, before, after);
        }
        return Object.keys(after).flatMap((pattern) => compare(inside("/*", pattern)));
      }
      default:
        return changed(pair, keyword, before, after);
    }
  };

  return compare({ before: base, after: current, inBase: "", inCurrent: "", path: "" });
}

function referencesIn(value: unknown): string[] {
  const name = referenceIn(value);
  if (name !== undefined) return [name];
  if (isList(value)) return value.flatMap(referencesIn);
  return isObject(value) ? Object.values(value).flatMap(referencesIn) : [];
}

function replacement({ before, after, inBase, inCurrent, path }: Pair): Edit {
  return {
    kind: "schema-replaced",
    path,
    what: after === false ? "allows nothing any more" : after === true ? "allows anything" : "has another schema",
    at: inCurrent,
    before,
    after,
    parts: [{ inBase, applied: after, inCurrent, reverted: before }],
  };
}
