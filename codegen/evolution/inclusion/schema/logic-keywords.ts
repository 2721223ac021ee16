import type { Formula } from "../formula.ts";
import { list, type KeywordContext, type KeywordGroup } from "./keyword-context.ts";

/** Keywords that combine schemas about one value. Source: JSON Schema Core 2020-12, section 10.2. */
export const LOGIC_KEYWORDS: readonly KeywordGroup[] = [
  { keywords: ["allOf"], read: (context) => context.formulas.all(parts(context, "allOf")) },
  { keywords: ["anyOf"], read: (context) => context.formulas.any(parts(context, "anyOf")) },
  { keywords: ["oneOf"], read: (context) => context.formulas.one(parts(context, "oneOf")) },
  { keywords: ["not"], read: (context) => context.formulas.not(context.here(context.get("not"))) },
  { keywords: ["if", "then", "else"], read: readConditional },
];

function parts(context: KeywordContext, keyword: string): Formula[] {
  return (list(context, keyword) ?? []).map((schema) => context.here(schema));
}

function readConditional(context: KeywordContext): Formula | undefined {
  const { formulas } = context;
  const condition = context.get("if");
  if (condition === undefined) return undefined;
  const [then, otherwise] = [context.get("then"), context.get("else")];
  const test = context.here(condition);
  return formulas.all([
    then === undefined ? formulas.true : formulas.any([formulas.not(test), context.here(then)]),
    otherwise === undefined ? formulas.true : formulas.any([test, context.here(otherwise)]),
  ]);
}
