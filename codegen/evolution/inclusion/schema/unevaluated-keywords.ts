import type { Formula } from "../formula.ts";
import { containsEvaluates, itemKeywords, itemsFormula } from "./array-keywords.ts";
import { evaluations, type Evaluation } from "./evaluations.ts";
import { entries, UnreadableKeyword, type KeywordContext, type KeywordGroup } from "./keyword-context.ts";
import { membersFormula } from "./object-keywords.ts";

/** Above this many conditional evaluations, 2^n cases are too many to write out. */
const CONDITIONS = 6;

/**
 * `unevaluatedProperties` and `unevaluatedItems`, rewritten into what they mean in each combination of the alternatives
 * beside them. Source: JSON Schema Core 2020-12, section 11.
 */
export const UNEVALUATED_KEYWORDS: readonly KeywordGroup[] = [
  { keywords: ["unevaluatedProperties"], read: readProperties },
  { keywords: ["unevaluatedItems"], read: readItems },
];

function readProperties(context: KeywordContext): Formula {
  const { formulas } = context;
  const rest = context.below(context.get("unevaluatedProperties"));
  const covers = evaluations(context, (inner, isOuter) => ({
    everything:
      inner.get("additionalProperties") !== undefined || (!isOuter && inner.get("unevaluatedProperties") !== undefined),
    parts: [
      ...entries(inner, "properties").map(([name]) => `=${name}`),
      ...entries(inner, "patternProperties").map(([source]) => `~${source}`),
    ],
    prefix: 0,
  }));
  return formulas.forKind(
    "object",
    inEveryCase(context, covers, ({ parts }) => {
      const named = parts.filter((part) => part.startsWith("=")).map((part) => part.slice(1));
      const sources = parts.filter((part) => part.startsWith("~")).map((part) => part.slice(1));
      return membersFormula(
        context,
        named.map((name) => [name, formulas.true]),
        sources.map((source) => [context.pattern(source), formulas.true]),
        rest,
      );
    }),
  );
}

function readItems(context: KeywordContext): Formula {
  const { formulas } = context;
  const rest = context.below(context.get("unevaluatedItems"));
  const found: Formula[] = [];
  const covers = evaluations(context, (inner, isOuter) => {
    const items = itemKeywords(inner);
    const contains = inner.get("contains");
    const parts: string[] = [];
    if (contains !== undefined && containsEvaluates(inner)) parts.push(String(found.push(inner.below(contains)) - 1));
    const nested = !isOuter && inner.get("unevaluatedItems") !== undefined;
    return { everything: items.rest !== undefined || nested, parts, prefix: items.prefix.length };
  });
  return formulas.forKind(
    "array",
    inEveryCase(context, covers, ({ parts, prefix }) => {
      const matching = parts.flatMap((part) => found[Number(part)] ?? []);
      const free = Array.from({ length: prefix }, () => formulas.true);
      return itemsFormula(context, free, formulas.any([...matching, rest]));
    }),
  );
}

/** For every set of conditions that may hold together: when just these hold, what is said about the unevaluated. */
function inEveryCase(
  context: KeywordContext,
  covers: readonly Evaluation[],
  say: (covered: { parts: readonly string[]; prefix: number }) => Formula,
): Formula {
  const { formulas } = context;
  const always = covers.filter(({ when }) => when === formulas.true);
  const conditions = [...new Set(covers.map(({ when }) => when))].filter((when) => when !== formulas.true);
  if (always.some(({ everything }) => everything)) return formulas.true;
  if (conditions.length > CONDITIONS) {
    throw new UnreadableKeyword("too many alternatives stand beside unevaluatedProperties or unevaluatedItems");
  }
  const cases: Formula[] = [];
  for (let chosen = 0; chosen < 2 ** conditions.length; chosen++) {
    const holds = conditions.filter((_, at) => Math.floor(chosen / 2 ** at) % 2 === 1);
    const active = covers.filter(({ when }) => when === formulas.true || holds.includes(when));
    if (active.some(({ everything }) => everything)) continue;
    const parts = [...new Set(active.flatMap((cover) => cover.parts))];
    const said = say({ parts, prefix: Math.max(0, ...active.map(({ prefix }) => prefix)) });
    const otherwise = conditions.map((when) => (holds.includes(when) ? formulas.not(when) : when));
    cases.push(formulas.any([...otherwise, said]));
  }
  return formulas.all(cases);
}
