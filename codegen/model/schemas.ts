/** The schemas of a contract as emitters take them: draft-07, self-contained but for the ones that several share. */
import { isObject, type JsonObject, own } from "../spec/json.ts";
import { KEYWORDS } from "../spec/keywords.ts";
import { type Node, nodeAt, nodeFrom, schemaIn } from "../spec/node.ts";
import { parent, placeIn, type Pointer, under, within } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";
import { compareText } from "../diagnostic.ts";
import { branchName, discriminatorOf, fromOtherDialects, isUsable } from "./dialects.ts";
import { schemaList } from "../emit/json-schema.ts";
import type { JsonSchema } from "./model.ts";
import { isEndless, nestedRefs, orderedNames } from "./schema-shape.ts";

/** Keywords that describe the document and not the value. */
const LEFT_OUT = new Set(["$id", "$schema", "$comment", "externalDocs", "definitions"]);

/** The other keywords, with the place that each has among those of a schema. */
const PLACES: ReadonlyMap<string, number> = new Map(
  [...KEYWORDS.keys()].filter((keyword) => !LEFT_OUT.has(keyword)).map((keyword, place) => [keyword, place]),
);

/** Schemas without names that are written out where others refer to them. */
const MOST_COPIES = 10_000;

/** How the schemas of a contract are told apart, and what they are called. */
export interface Naming {
  /** The name of a shared schema; asked once for each, in the order of their places. */
  readonly nameOf: (node: Node) => string;
  /** Whether a name can be made for what stands anywhere: a recursive schema needs one. */
  readonly anywhere?: boolean;
}

/** Everything that is written as a schema, for one set of roots. */
export class Schemas {
  readonly #report: Report;
  readonly #shared = new Map<Pointer, Node>();
  readonly #names = new Map<Pointer, string>();
  readonly #written = new Map<Pointer, JsonSchema>();
  #copies = 0;

  /**
   * A schema that the document or another file names is shared when another schema refers to it, or two roots do.
   * @param roots Where schemas begin: payloads, headers, bodies.
   * @param kept Schemas that are shared whatever refers to them.
   */
  constructor(
    roots: readonly Node[],
    report: Report,
    { nameOf, anywhere = false }: Naming,
    kept: readonly Node[] = [],
  ) {
    this.#report = report;
    const asRoot = new Set<Pointer>();
    const seen = new Set<Pointer>();
    const open = new Set<Pointer>();
    const visit = (node: Node): void => {
      if (seen.has(node.at)) return;
      seen.add(node.at);
      open.add(node.at);
      for (const target of nestedRefs(node)) {
        if (isNamed(target) || (anywhere && encloses(open, target.at))) this.#shared.set(target.at, target);
        visit(target);
      }
      open.delete(node.at);
    };
    for (const node of kept) {
      this.#shared.set(node.at, node);
      visit(node);
    }
    for (const root of roots) {
      if (asRoot.has(root.at) && isNamed(root)) this.#shared.set(root.at, root);
      asRoot.add(root.at);
      visit(root);
    }
    for (const node of [...this.#shared.values()].toSorted((a, b) => compareText(a.at, b.at))) {
      this.#names.set(node.at, nameOf(node));
    }
  }

  /** The shared schemas, sorted by name. */
  get shared(): readonly { readonly name: string; readonly node: Node; readonly schema: JsonSchema }[] {
    return [...this.#shared.values()]
      .map((node) => ({
        name: this.#nameOf(node),
        node,
        schema: this.whole(node),
      }))
      .toSorted((a, b) => compareText(a.name, b.name));
  }

  /** The name of a shared schema; undefined for one that is written where it is used. */
  sharedName(node: Node): string | undefined {
    return this.#names.get(node.at);
  }

  /** One root as a schema; a reference when it is shared. */
  of(root: Node): JsonSchema {
    return this.#shared.has(root.at) ? this.#reference(root) : this.whole(root);
  }

  /** One root as a schema, written out even when it is shared. */
  whole(root: Node): JsonSchema {
    const schema = this.#written.get(root.at) ?? this.#convert(root.document, root.value, root.at, [root.at]);
    this.#written.set(root.at, schema);
    return schema;
  }

  #nameOf(node: Node): string {
    return this.#names.get(node.at) ?? "";
  }

  #reference(node: Node): { readonly $ref: string } {
    return { $ref: `#/definitions/${this.#nameOf(node)}` };
  }

  #convert(document: unknown, value: unknown, at: Pointer, path: readonly Pointer[]): JsonSchema {
    if (!isObject(value)) return value !== false;
    if (typeof own(value, "$ref") === "string") return this.#follow(document, value, at, path);
    const keywords = Object.keys(value)
      .filter((keyword) => PLACES.has(keyword))
      .toSorted((a, b) => (PLACES.get(a) ?? 0) - (PLACES.get(b) ?? 0));
    const schema: Record<string, unknown> = {};
    for (const keyword of keywords) {
      if (isUsable(keyword, value[keyword])) schema[keyword] = this.#keyword(document, value, keyword, at, path);
    }
    return { ...schema, ...this.#branchesApart(schema, value, document, at), ...fromOtherDialects(value) };
  }

  /** The branches of a schema with a discriminator: in each, that property is the name of the branch. */
  #branchesApart(schema: JsonObject, written: JsonObject, document: unknown, at: Pointer): JsonObject {
    const property = discriminatorOf(written);
    if (property === undefined) return {};
    const keywords = ["oneOf", "anyOf"].filter((keyword) => Array.isArray(schema[keyword]));
    return Object.fromEntries(
      keywords.map((keyword) => [
        keyword,
        schemaList(schema[keyword]).map((branch, index) => {
          const target = schemaIn(nodeAt(document, under(at, keyword, index)));
          const name = target && branchName(written, target, property);
          if (name === undefined) return branch;
          return {
            allOf: [branch, { type: "object", required: [property], properties: { [property]: { const: name } } }],
          };
        }),
      ]),
    );
  }

  #follow(document: unknown, value: JsonObject, at: Pointer, path: readonly Pointer[]): JsonSchema {
    const target = schemaIn(nodeFrom(document, { at, value }));
    // The checks of references saw to it that there is one.
    if (target === undefined) return true;
    if (isEndless(document, at)) {
      const message = "this makes a schema a part of itself, with no property and no element in between";
      this.#report.fault("SCHEMA_ENDLESS", under(at, "$ref"), message, "Remove it: it checks nothing.");
      return true;
    }
    if (this.#shared.has(target.at)) {
      const beside = ["description", "deprecated"].filter((keyword) => Object.hasOwn(value, keyword));
      return { ...this.#reference(target), ...Object.fromEntries(beside.map((keyword) => [keyword, value[keyword]])) };
    }
    if (path.includes(target.at)) {
      const hint = "Give the recursive schema a name of its own under components/schemas.";
      this.#report.error("SCHEMA_RECURSION_UNSUPPORTED", under(at, "$ref"), "this recursion is unsupported", hint);
      return true;
    }
    this.#copies += 1;
    if (this.#copies === MOST_COPIES) {
      const hint = "Give what is referred to a name of its own under components/schemas, where it is written once.";
      const message = `schemas without names are referred to so often that ${MOST_COPIES} copies of them would be written`;
      this.#report.error("SCHEMA_SIZE_UNSUPPORTED", under(at, "$ref"), message, hint);
    }
    // References to references double with every step.
    if (this.#copies >= MOST_COPIES) return true;
    return this.#convert(document, target.value, target.at, [...path, target.at]);
  }

  #keyword(document: unknown, schema: JsonObject, keyword: string, at: Pointer, path: readonly Pointer[]): unknown {
    const value = schema[keyword];
    const place = under(at, keyword);
    switch (KEYWORDS.get(keyword)) {
      case "schema":
        return this.#convert(document, value, place, path);
      case "schemas":
      case "schema or schemas":
        return Array.isArray(value)
          ? value.map((item: unknown, index) => this.#convert(document, item, under(place, index), path))
          : this.#convert(document, value, place, path);
      case "schemas by name":
      case "schemas by regex":
      case "dependencies":
        if (!isObject(value)) return value;
        return Object.fromEntries(
          orderedNames(schema, keyword).map((name) => [
            name,
            Array.isArray(value[name]) ? value[name] : this.#convert(document, value[name], under(place, name), path),
          ]),
        );
      default:
        return value;
    }
  }
}

/** Whether the document, or another file, gives the schema a name. */
function isNamed({ at }: Node): boolean {
  return placeIn(at).file !== "" || parent(at) === "/components/schemas";
}

/** Whether a schema is one of those that are open, or holds one of them. */
function encloses(open: ReadonlySet<Pointer>, at: Pointer): boolean {
  return [...open].some((inner) => within(inner, at));
}
