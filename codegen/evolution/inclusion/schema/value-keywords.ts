import type { Formula } from "../formula.ts";
import { KINDS, type Kind } from "../json.ts";
import { formatFormula } from "./format-keyword.ts";
import { list, malformed, number, size, texts, type KeywordContext, type KeywordGroup } from "./keyword-context.ts";

/** Keywords about a value as a whole, numbers and strings. Source: JSON Schema Validation 2020-12, sections 6.1 to 6.3 and 7. */
export const VALUE_KEYWORDS: readonly KeywordGroup[] = [
  { keywords: ["type", "nullable"], read: readType },
  { keywords: ["enum"], read: (context) => context.formulas.among(list(context, "enum") ?? []) },
  { keywords: ["const"], read: (context) => context.formulas.among([context.get("const")]) },
  {
    keywords: ["minimum", "exclusiveMinimum"],
    read: (context) => bound(context, "from", "minimum", "exclusiveMinimum"),
  },
  {
    keywords: ["maximum", "exclusiveMaximum"],
    read: (context) => bound(context, "upTo", "maximum", "exclusiveMaximum"),
  },
  { keywords: ["multipleOf"], read: readMultiple },
  { keywords: ["minLength"], read: (context) => least(context, "string", "minLength") },
  { keywords: ["maxLength"], read: (context) => most(context, "string", "maxLength") },
  { keywords: ["pattern"], read: readPattern },
  { keywords: ["format"], read: readFormat },
];

/** `minLength`, `minItems` and `minProperties`. */
export function least(context: KeywordContext, kind: "string" | "array" | "object", keyword: string): Formula {
  const least = size(context, keyword) ?? 0;
  if (least === 0) return context.formulas.true;
  return context.formulas.atom(`least:${kind}:${least}`, { op: "least", kind, size: least });
}

/** `maxLength`, `maxItems` and `maxProperties`. */
export function most(context: KeywordContext, kind: "string" | "array" | "object", keyword: string): Formula {
  const most = size(context, keyword) ?? 0;
  return context.formulas.atom(`most:${kind}:${most}`, { op: "most", kind, size: most });
}

/** `nullable: true` adds null to `type`, as OpenAPI and Ajv have it; alone it says nothing. */
function readType(context: KeywordContext): Formula | undefined {
  const { formulas } = context;
  const type = context.get("type");
  if (type === undefined) return undefined;
  const names = typeof type === "string" ? [type] : texts(type, "type");
  const kinds = new Set<Kind>(context.get("nullable") === true ? ["null"] : []);
  for (const name of names) {
    const kind = name === "integer" ? "number" : KINDS.find((known) => known === name);
    if (kind === undefined) throw malformed("type");
    kinds.add(kind);
  }
  const isKind = formulas.kinds([...kinds]);
  const whole = names.includes("integer") && !names.includes("number");
  return whole ? formulas.all([isKind, multiple(context, 1)]) : isKind;
}

/** Draft-04 says with `exclusiveMinimum: true` that `minimum` itself is left out; later drafts give the limit there. */
function bound(context: KeywordContext, op: "from" | "upTo", inclusive: string, exclusive: string): Formula {
  const { formulas, dialect } = context;
  const given = context.get(exclusive);
  const closed = number(context, inclusive);
  const parts: Formula[] = [];
  const push = (limit: number, open: boolean): void => {
    parts.push(formulas.atom(`${op}:${String(limit)}:${open}`, { op, limit: limit === 0 ? 0 : limit, open }));
  };
  if (typeof given === "boolean" && (dialect === 4 || dialect === "unsaid")) {
    if (closed !== undefined) push(closed, given);
    return formulas.all(parts);
  }
  const open = number(context, exclusive);
  if (closed !== undefined) push(closed, false);
  if (open !== undefined) push(open, true);
  return formulas.all(parts);
}

function readMultiple(context: KeywordContext): Formula {
  const of = number(context, "multipleOf") ?? 0;
  if (of <= 0) throw malformed("multipleOf");
  return multiple(context, of);
}

function multiple(context: KeywordContext, of: number): Formula {
  return context.formulas.atom(`multiple:${of}`, { op: "multiple", of });
}

function readPattern(context: KeywordContext): Formula {
  const source = context.get("pattern");
  if (typeof source !== "string") throw malformed("pattern");
  return context.formulas.pattern(context.pattern(source));
}

function readFormat(context: KeywordContext): Formula {
  const format = context.get("format");
  if (typeof format !== "string") throw malformed("format");
  return formatFormula(format, context.formulas);
}
