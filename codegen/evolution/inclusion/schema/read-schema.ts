import type { Formula, Formulas } from "../formula.ts";
import { isObject, keyOf } from "../json.ts";
import type { Pattern } from "../language/pattern.ts";
import { isAnnotation, isContent } from "./annotations.ts";
import { ARRAY_KEYWORDS } from "./array-keywords.ts";
import { asserts, dialectOf, refHasSiblings, type Dialect } from "./dialect.ts";
import { SchemaDocument, type Place, type Resource } from "./document.ts";
import { Identities } from "./identity.ts";
import { malformed, UnreadableKeyword, type KeywordContext, type KeywordGroup } from "./keyword-context.ts";
import { LOGIC_KEYWORDS } from "./logic-keywords.ts";
import { OBJECT_KEYWORDS } from "./object-keywords.ts";
import { PerResource } from "./per-resource.ts";
import { UNEVALUATED_KEYWORDS } from "./unevaluated-keywords.ts";
import { VALUE_KEYWORDS } from "./value-keywords.ts";

const REFERENCES: readonly KeywordGroup[] = ["$ref", "$dynamicRef", "$recursiveRef"].map((keyword) => ({
  keywords: [keyword],
  read: (context) => context.target(keyword),
}));

const GROUPS = new Map(
  [
    ...VALUE_KEYWORDS,
    ...LOGIC_KEYWORDS,
    ...OBJECT_KEYWORDS,
    ...ARRAY_KEYWORDS,
    ...UNEVALUATED_KEYWORDS,
    ...REFERENCES,
  ].flatMap((group) => group.keywords.map((keyword) => [keyword, group] as const)),
);

const FOREIGN = "a schema inside another names a dialect of its own";

/** How the keywords beside a `$ref` are read where the draft ignores them: draft-07 says so, Ajv applies them. */
export type Siblings = "ignored" | "applied";

/** Turns the schemas of one comparison into formulas. Every keyword is read, known to assert nothing, or an `unknown`. */
export class SchemaReader {
  readonly #formulas: Formulas;
  readonly #pattern: (source: string) => Pattern;
  readonly #siblings: Siblings;
  readonly #identities = new Identities();
  readonly #read = new PerResource<Formula | "reading">();
  #isAmbiguous = false;
  #loops = 0;

  constructor(formulas: Formulas, pattern: (source: string) => Pattern, siblings: Siblings) {
    this.#formulas = formulas;
    this.#pattern = pattern;
    this.#siblings = siblings;
  }

  /** Whether a `$ref` was met beside which keywords stand that some validators apply and others ignore. */
  get isAmbiguous(): boolean {
    return this.#isAmbiguous;
  }

  /** The formula of a whole document. */
  read(root: unknown): Formula {
    const document = new SchemaDocument(root);
    if (document.dialect !== undefined) return this.#here(document.root);
    return this.#formulas.unknown(`dialect ${keyOf(root)}`, "its $schema names a dialect that is not known", false);
  }

  #here({ schema, resource: surroundings }: Place): Formula {
    if (typeof schema === "boolean") return schema ? this.#formulas.true : this.#formulas.false;
    if (!isObject(schema))
      return this.#formulas.unknown(`data ${keyOf(schema)}`, "a schema is neither an object nor a boolean", false);
    const known = this.#read.get(schema, surroundings);
    if (known === "reading") {
      return this.#formulas.unknown(`loop ${this.#loops++}`, "a schema refers to itself without end", false);
    }
    if (known !== undefined) return known;
    this.#read.set(schema, surroundings, "reading");
    const formula = this.#object(schema, surroundings.document.enter(schema, surroundings));
    this.#read.set(schema, surroundings, formula);
    return formula;
  }

  #object(schema: Readonly<Record<string, unknown>>, resource: Resource): Formula {
    const dialect = resource.document.dialect ?? "unsaid";
    if (hasForeignDialect(schema, resource)) {
      return this.#formulas.unknown(`dialect in ${this.#identities.of(schema, resource)}`, FOREIGN, false);
    }
    const context = this.#context(schema, resource, dialect);
    const keywords = Object.keys(schema).filter(
      (keyword) => schema[keyword] !== undefined && !isAnnotation(keyword, dialect),
    );
    if (keywords.includes("$ref") && keywords.length > 1 && !refHasSiblings(dialect)) {
      this.#isAmbiguous = true;
      if (this.#siblings === "ignored") keywords.splice(0, Infinity, "$ref");
    }
    const groups = new Map<KeywordGroup, string>();
    const parts: Formula[] = [];
    for (const keyword of keywords) {
      const group = GROUPS.get(keyword);
      if (group !== undefined && asserts(keyword, dialect)) groups.set(group, keyword);
      else parts.push(this.#ignored(keyword, schema[keyword]));
    }
    const identity = (): string => this.#identities.of(schema, resource);
    for (const [group, keyword] of groups) parts.push(this.#group(group, keyword, context, identity));
    return this.#formulas.all(parts);
  }

  /** What cannot be read may depend on every keyword beside it: it is the same only in the same schema. */
  #group(group: KeywordGroup, keyword: string, context: KeywordContext, identity: () => string): Formula {
    try {
      return group.read(context) ?? this.#formulas.true;
    } catch (error) {
      if (!(error instanceof UnreadableKeyword)) throw error;
      return this.#formulas.unknown(`unreadable ${keyword} in ${identity()}`, error.message, false);
    }
  }

  #ignored(keyword: string, value: unknown): Formula {
    const why = isContent(keyword)
      ? `validators may check ${keyword} or leave it`
      : GROUPS.has(keyword)
        ? `the keyword ${keyword} is not one of the dialect that its schema names`
        : `the keyword ${keyword} is not known`;
    return this.#formulas.unknown(`keyword ${keyword}=${keyOf(value)}`, why, true);
  }

  #below(schema: unknown, surroundings: Resource): Formula {
    const resource = surroundings.document.enter(schema, surroundings);
    const identity = this.#identities.of(schema, resource);
    if (identity === "true") return this.#formulas.true;
    if (identity === "false") return this.#formulas.false;
    return this.#formulas.schema(identity, () => this.#here({ schema, resource }));
  }

  #target(keyword: string, reference: unknown, resource: Resource): Place | undefined {
    if (typeof reference !== "string") throw malformed(keyword);
    const { document } = resource;
    return keyword === "$ref" ? document.resolve(reference, resource) : document.resolveDynamic(reference, resource);
  }

  #context(schema: Readonly<Record<string, unknown>>, resource: Resource, dialect: Dialect): KeywordContext {
    const enter = (place: Place | undefined): KeywordContext | undefined => {
      if (place === undefined || !isObject(place.schema)) return undefined;
      return this.#context(place.schema, place.resource.document.enter(place.schema, place.resource), dialect);
    };
    return {
      formulas: this.#formulas,
      dialect,
      get: (keyword) => (asserts(keyword, dialect) && Object.hasOwn(schema, keyword) ? schema[keyword] : undefined),
      here: (inner) => this.#here({ schema: inner, resource }),
      below: (inner) => this.#below(inner, resource),
      pattern: this.#pattern,
      enter: (inner) => enter({ schema: inner, resource }),
      follow: (keyword) => {
        const place = this.#target(keyword, schema[keyword], resource);
        if (place === undefined) throw new UnreadableKeyword(leadsNowhere(keyword, schema[keyword]));
        return enter(place);
      },
      target: (keyword) => {
        const place = this.#target(keyword, schema[keyword], resource);
        if (place !== undefined) return this.#here(place);
        // A relative address may mean another file in each document.
        const address =
          resource.document.absolute(String(schema[keyword]), resource) ?? this.#identities.of(schema, resource);
        return this.#formulas.unknown(`${keyword} ${address}`, leadsNowhere(keyword, schema[keyword]), false);
      },
    };
  }
}

/** Whether a schema inside a document is a resource of another dialect than the document. */
function hasForeignDialect(schema: Readonly<Record<string, unknown>>, resource: Resource): boolean {
  const isRoot = schema === resource.document.root.schema;
  return (
    !isRoot &&
    typeof schema["$id"] === "string" &&
    "$schema" in schema &&
    dialectOf(schema) !== resource.document.dialect
  );
}

function leadsNowhere(keyword: string, reference: unknown): string {
  return `${keyword} ${String(reference)} leads nowhere in this document`;
}
