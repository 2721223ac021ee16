import type { Formula } from "../formula.ts";
import { isSince, list, malformed, size, type KeywordContext, type KeywordGroup } from "./keyword-context.ts";
import { least, most } from "./value-keywords.ts";

/** Keywords about arrays. Source: JSON Schema Core 2020-12, section 10.3.1; Validation, section 6.4; draft-07, section 6.4. */
export const ARRAY_KEYWORDS: readonly KeywordGroup[] = [
  { keywords: ["items", "prefixItems", "additionalItems"], read: readItems },
  { keywords: ["contains", "minContains", "maxContains"], read: readContains },
  { keywords: ["minItems"], read: (context) => least(context, "array", "minItems") },
  { keywords: ["maxItems"], read: (context) => most(context, "array", "maxItems") },
  { keywords: ["uniqueItems"], read: readUnique },
];

/** The schemas of the first items and of the rest, as every draft writes them; undefined where nothing is said. */
export interface ItemKeywords {
  readonly prefix: readonly unknown[];
  readonly rest: unknown;
}

/** `items` as a list with `additionalItems` until 2019-09, `prefixItems` with `items` from 2020-12 on. */
export function itemKeywords(context: KeywordContext): ItemKeywords {
  const items = context.get("items");
  const prefix = list(context, "prefixItems");
  if (!Array.isArray(items)) return { prefix: prefix ?? [], rest: items };
  if (context.dialect === 2020 || prefix !== undefined) throw malformed("items");
  return { prefix: items, rest: context.get("additionalItems") };
}

/** An items atom; nothing when it asks for nothing. */
export function itemsFormula(context: KeywordContext, prefix: readonly Formula[], rest: Formula): Formula {
  const { formulas } = context;
  const ends = prefix.findLastIndex((item) => item !== rest) + 1;
  const kept = prefix.slice(0, ends);
  if (kept.length === 0 && rest === formulas.true) return formulas.true;
  const key = `items:${kept.map((item) => item.id).join()}|${rest.id}`;
  return formulas.atom(key, { op: "items", prefix: kept, rest });
}

function readItems(context: KeywordContext): Formula {
  const { prefix, rest } = itemKeywords(context);
  const after = rest === undefined ? context.formulas.true : context.below(rest);
  return itemsFormula(
    context,
    prefix.map((item) => context.below(item)),
    after,
  );
}

function readContains(context: KeywordContext): Formula | undefined {
  const { formulas } = context;
  const contains = context.get("contains");
  if (contains === undefined) return undefined;
  const item = context.below(contains);
  const atLeast = (count: number): Formula =>
    count === 0 ? formulas.true : formulas.atom(`contains:${item.id}:${count}`, { op: "contains", item, least: count });
  const parts = [atLeast(size(context, "minContains") ?? 1)];
  const greatest = size(context, "maxContains");
  if (greatest !== undefined) parts.push(formulas.forKind("array", formulas.not(atLeast(greatest + 1))));
  return formulas.all(parts);
}

function readUnique(context: KeywordContext): Formula | undefined {
  const unique = context.get("uniqueItems");
  if (typeof unique !== "boolean") throw malformed("uniqueItems");
  return unique ? context.formulas.atom("unique", { op: "unique" }) : undefined;
}

/** Whether the items that `contains` finds count as evaluated: from 2020-12 on. */
export function containsEvaluates(context: KeywordContext): boolean {
  return isSince(context.dialect, 2020);
}
