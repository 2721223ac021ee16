import { isObject, keyOf } from "../json.ts";
import { isAnnotation } from "./annotations.ts";
import type { Resource, SchemaDocument } from "./document.ts";
import { PerResource } from "./per-resource.ts";
import { holding } from "./subschemas.ts";

/**
 * Names schemas so that two with one name accept the same values, whatever document they stand in. It is what lets an
 * unchanged part of a schema be seen as unchanged without reasoning about it.
 */
export class Identities {
  readonly #known = new PerResource<string>();
  readonly #names = new Map<string, string>();
  readonly #documents = new Map<SchemaDocument, number>();

  /** The name of a schema that stands in `resource`; "true" for one that asserts nothing. */
  of(schema: unknown, resource: Resource): string {
    if (!isObject(schema)) return typeof schema === "boolean" ? String(schema) : `data ${keyOf(schema)}`;
    const known = this.#known.get(schema, resource);
    if (known !== undefined) return known;
    // A JavaScript object that contains itself is met again before its name is made.
    this.#known.set(schema, resource, `object ${this.#known.size}`);
    const name = this.#name(schema, resource.document.enter(schema, resource));
    this.#known.set(schema, resource, name);
    return name;
  }

  #name(schema: Readonly<Record<string, unknown>>, resource: Resource): string {
    const dialect = resource.document.dialect ?? "unsaid";
    const parts: string[] = [];
    for (const keyword of Object.keys(schema).toSorted()) {
      if (isAnnotation(keyword, dialect)) continue;
      const value = schema[keyword];
      const isReference = keyword === "$ref" || keyword === "$dynamicRef" || keyword === "$recursiveRef";
      parts.push(
        `${JSON.stringify(keyword)}:${isReference ? this.#reference(value, resource) : this.#value(keyword, value, resource)}`,
      );
    }
    if (parts.length === 0) return "true";
    const key = `${dialect} ${parts.join(";")}`;
    let name = this.#names.get(key);
    if (name === undefined) this.#names.set(key, (name = `schema ${this.#names.size}`));
    return name;
  }

  #value(keyword: string, value: unknown, resource: Resource): string {
    switch (holding(keyword, value)) {
      case "one":
        return this.of(value, resource);
      case "list":
        return Array.isArray(value) ? value.map((item) => this.of(item, resource)).join() : "";
      case "map":
        if (!isObject(value)) return "";
        return Object.keys(value)
          .toSorted()
          .map((name) => `${JSON.stringify(name)}=${this.#value("not", value[name], resource)}`)
          .join();
      case "none":
        return keyOf(value);
    }
  }

  #reference(value: unknown, resource: Resource): string {
    const { document } = resource;
    const number = this.#documents.get(document) ?? this.#documents.size;
    this.#documents.set(document, number);
    return `${number} ${resource.uri} ${keyOf(value)}`;
  }
}
