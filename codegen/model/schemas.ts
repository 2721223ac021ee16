/** The schemas of a contract as emitters take them: draft-07, self-contained but for the ones that several share. */
import { isObject, type JsonObject, own } from "../spec/json.ts";
import { KEYWORDS } from "../spec/keywords.ts";
import { definedAs, type Node, nodeAt } from "../spec/node.ts";
import { type Pointer, under } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";
import { compareText } from "../diagnostic.ts";
import type { JsonSchema } from "./model.ts";
import { nestedRefs, orderedNames } from "./schema-shape.ts";

/** Keywords that describe the document and not the value. */
const LEFT_OUT = new Set(["$id", "$schema", "$comment", "externalDocs", "definitions"]);

/** Everything that is written as a schema, for one set of roots. */
export class Schemas {
  readonly #report: Report;
  readonly #shared = new Map<Pointer, Node>();

  /**
   * A component schema is shared when another schema refers to it, or two roots do.
   * @param roots Where schemas begin: payloads, headers, bodies.
   */
  constructor(roots: readonly Node[], report: Report) {
    this.#report = report;
    const asRoot = new Set<Pointer>();
    const seen = new Set<Pointer>();
    const visit = (node: Node): void => {
      if (seen.has(node.at)) return;
      seen.add(node.at);
      for (const target of nestedRefs(node)) {
        if (isComponent(target)) this.#shared.set(target.at, target);
        visit(target);
      }
    };
    for (const root of roots) {
      if (asRoot.has(root.at) && isComponent(root)) this.#shared.set(root.at, root);
      asRoot.add(root.at);
      visit(root);
    }
  }

  /** The shared schemas, sorted by name. */
  get shared(): readonly { readonly name: string; readonly node: Node; readonly schema: JsonSchema }[] {
    return [...this.#shared.values()]
      .map((node) => ({
        name: definedAs(node),
        node,
        schema: this.#convert(node.document, node.value, node.at, [node.at]),
      }))
      .toSorted((a, b) => compareText(a.name, b.name));
  }

  /** One root as a schema; a reference when it is shared. */
  of(root: Node): JsonSchema {
    return this.#shared.has(root.at) ? reference(root) : this.whole(root);
  }

  /** One root as a schema, written out even when it is shared. */
  whole(root: Node): JsonSchema {
    return this.#convert(root.document, root.value, root.at, [root.at]);
  }

  #convert(document: unknown, value: unknown, at: Pointer, path: readonly Pointer[]): JsonSchema {
    if (!isObject(value)) return value !== false;
    if (typeof own(value, "$ref") === "string") return this.#follow(document, value, at, path);
    const keywords = [...KEYWORDS.keys()].filter((keyword) => Object.hasOwn(value, keyword) && !LEFT_OUT.has(keyword));
    return Object.fromEntries(keywords.map((keyword) => [keyword, this.#keyword(document, value, keyword, at, path)]));
  }

  #follow(document: unknown, value: JsonObject, at: Pointer, path: readonly Pointer[]): JsonSchema {
    const target = nodeAt(document, at);
    // The checks of references saw to it that there is one.
    if (target === undefined) return true;
    if (this.#shared.has(target.at)) {
      const beside = ["description", "deprecated"].filter((keyword) => Object.hasOwn(value, keyword));
      return { ...reference(target), ...Object.fromEntries(beside.map((keyword) => [keyword, value[keyword]])) };
    }
    if (path.includes(target.at)) {
      const hint = "Give the recursive schema a name of its own under components/schemas.";
      this.#report.error("SCHEMA_RECURSION_UNSUPPORTED", under(at, "$ref"), "this recursion is unsupported", hint);
      return true;
    }
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

function reference(node: Node): { readonly $ref: string } {
  return { $ref: `#/definitions/${definedAs(node)}` };
}

function isComponent(node: Node): boolean {
  return node.at === under("/components/schemas", definedAs(node));
}
