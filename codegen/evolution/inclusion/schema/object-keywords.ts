import type { Formula } from "../formula.ts";
import type { Pattern } from "../language/pattern.ts";
import { entries, texts, type KeywordContext, type KeywordGroup } from "./keyword-context.ts";
import { least, most } from "./value-keywords.ts";

/** Keywords about objects. Source: JSON Schema Core 2020-12, section 10.3.2; Validation, section 6.5; draft-07, section 6.5. */
export const OBJECT_KEYWORDS: readonly KeywordGroup[] = [
  { keywords: ["properties", "patternProperties", "additionalProperties"], read: readMembers },
  { keywords: ["propertyNames"], read: readNames },
  { keywords: ["required"], read: (context) => hasAll(context, texts(context.get("required"), "required")) },
  { keywords: ["minProperties"], read: (context) => least(context, "object", "minProperties") },
  { keywords: ["maxProperties"], read: (context) => most(context, "object", "maxProperties") },
  { keywords: ["dependencies"], read: (context) => readDependent(context, "dependencies") },
  { keywords: ["dependentRequired"], read: (context) => readDependent(context, "dependentRequired") },
  { keywords: ["dependentSchemas"], read: (context) => readDependent(context, "dependentSchemas") },
];

/** A members atom; nothing when it asks for nothing. */
export function membersFormula(
  context: KeywordContext,
  named: readonly (readonly [string, Formula])[],
  patterns: readonly (readonly [Pattern, Formula])[],
  rest: Formula,
): Formula {
  const { formulas } = context;
  const isOpen = rest === formulas.true;
  const keptNames = isOpen ? named.filter(([, member]) => member !== formulas.true) : named;
  const keptPatterns = isOpen ? patterns.filter(([, member]) => member !== formulas.true) : patterns;
  if (isOpen && keptNames.length === 0 && keptPatterns.length === 0) return formulas.true;
  const key = [
    "members",
    ...keptNames.map(([name, member]) => `${JSON.stringify(name)}=${member.id}`).toSorted(),
    ...keptPatterns.map(([pattern, member]) => `/${JSON.stringify(pattern.source)}=${member.id}`).toSorted(),
    rest.id,
  ].join(":");
  return formulas.atom(key, { op: "members", named: new Map(keptNames), patterns: keptPatterns, rest });
}

export function has(context: KeywordContext, name: string): Formula {
  return context.formulas.atom(`has:${name}`, { op: "has", name });
}

function readMembers(context: KeywordContext): Formula {
  const below = context.get("additionalProperties");
  return membersFormula(
    context,
    entries(context, "properties").map(([name, schema]) => [name, context.below(schema)]),
    entries(context, "patternProperties").map(([source, schema]) => [context.pattern(source), context.below(schema)]),
    below === undefined ? context.formulas.true : context.below(below),
  );
}

function readNames(context: KeywordContext): Formula {
  const name = context.below(context.get("propertyNames"));
  if (name === context.formulas.true) return name;
  return context.formulas.atom(`names:${name.id}`, { op: "names", name });
}

function hasAll(context: KeywordContext, names: readonly string[]): Formula {
  return context.formulas.all(names.map((name) => has(context, name)));
}

/** When a member is there, others must be (a list), or the whole object satisfies a schema. */
function readDependent(context: KeywordContext, keyword: string): Formula {
  const { formulas } = context;
  const rules = entries(context, keyword).map(([name, rule]) => {
    const isList = keyword === "dependentRequired" || (keyword === "dependencies" && Array.isArray(rule));
    const then = isList ? hasAll(context, texts(rule, keyword)) : context.here(rule);
    return formulas.any([formulas.not(has(context, name)), then]);
  });
  return formulas.forKind("object", formulas.all(rules));
}
