import type { Formula } from "../formula.ts";
import { entries, list, UnreadableKeyword, type KeywordContext } from "./keyword-context.ts";
import { has } from "./object-keywords.ts";

/** What one schema object evaluates by itself: everything, some parts, the first items. */
export interface Cover {
  readonly everything: boolean;
  readonly parts: readonly string[];
  readonly prefix: number;
}

/** A cover that counts for the values for which `when` holds. */
export interface Evaluation extends Cover {
  readonly when: Formula;
}

const DEEPEST = 32;

/**
 * Everything that a schema and the schemas about the same value inside it evaluate. What a schema evaluated counts only
 * where that schema holds, and never inside `not`.
 * Source: JSON Schema Core 2020-12, section 7.7.1.1 "Collecting annotations".
 */
export function evaluations(
  context: KeywordContext,
  cover: (context: KeywordContext, isOuter: boolean) => Cover,
  when: Formula = context.formulas.true,
  depth = 0,
): Evaluation[] {
  const { formulas } = context;
  if (depth > DEEPEST)
    throw new UnreadableKeyword("references beside unevaluatedProperties or unevaluatedItems go round in a circle");
  const found: Evaluation[] = [{ ...cover(context, depth === 0), when }];
  const visit = (schema: unknown, condition: Formula): void => {
    const inner = context.enter(schema);
    if (inner) found.push(...evaluations(inner, cover, formulas.all([when, condition]), depth + 1));
  };
  for (const keyword of ["$ref", "$dynamicRef", "$recursiveRef"]) {
    const target = context.get(keyword) === undefined ? undefined : context.follow(keyword);
    if (target) found.push(...evaluations(target, cover, when, depth + 1));
  }
  for (const schema of list(context, "allOf") ?? []) visit(schema, formulas.true);
  for (const schema of list(context, "anyOf") ?? []) visit(schema, context.here(schema));
  for (const schema of list(context, "oneOf") ?? []) visit(schema, context.here(schema));
  const condition = context.get("if");
  if (condition !== undefined) {
    const test = context.here(condition);
    visit(condition, test);
    if (context.get("then") !== undefined) visit(context.get("then"), test);
    if (context.get("else") !== undefined) visit(context.get("else"), formulas.not(test));
  }
  for (const keyword of ["dependencies", "dependentSchemas"]) {
    for (const [name, schema] of entries(context, keyword)) {
      const isThere = formulas.all([formulas.kinds(["object"]), has(context, name)]);
      if (!Array.isArray(schema)) visit(schema, isThere);
    }
  }
  return found;
}
