/** How schemas refer to each other, and in which order their properties stand. */
import { compareText } from "../diagnostic.ts";
import { isObject, type JsonObject, own } from "../spec/json.ts";
import { subschemas } from "../spec/keywords.ts";
import { type Node, nodeAt, nodeFrom, schemaIn } from "../spec/node.ts";
import { lastToken, parent, type Pointer, under } from "../spec/pointer.ts";

/** What the schemas written inside a schema refer to, `$ref`s followed to the end. */
export function nestedRefs(node: Node): Node[] {
  const found: Node[] = [];
  const search = (value: unknown, at: Pointer): void => {
    if (!isObject(value)) return;
    if (typeof own(value, "$ref") === "string") {
      const target = schemaIn(nodeFrom(node.document, { at, value }));
      if (target !== undefined) found.push(target);
      return;
    }
    for (const { path, schema } of subschemas(value)) search(schema, under(at, ...path));
  };
  search(node.value, node.at);
  return found;
}

/**
 * Whether a reference leads back to itself with no property and no element in between: a schema that is part of itself
 * so, by way of `allOf` or another, could be checked for ever.
 */
export function isEndless(document: unknown, reference: Pointer): boolean {
  const seen = new Set<Pointer>();
  const search = (value: unknown, at: Pointer): boolean => {
    if (!isObject(value) || seen.has(at)) return at === reference && seen.has(at);
    seen.add(at);
    if (typeof own(value, "$ref") === "string") {
      const target = schemaIn(nodeFrom(document, { at, value }));
      return target !== undefined && search(target.value, target.at);
    }
    return subschemas(value).some(
      ({ path, schema, step }) => step.kind === "same" && search(schema, under(at, ...path)),
    );
  };
  return search(own(nodeAt(document, parent(reference))?.value, lastToken(reference)), reference);
}

/**
 * The names under a keyword in an order that does not depend on the order of the document's keys: the required
 * properties as `required` lists them, which a careful author has put in reading order, then the others by name.
 */
export function orderedNames(schema: JsonObject, keyword: string): string[] {
  const names = isObject(schema[keyword]) ? Object.keys(schema[keyword]).toSorted(compareText) : [];
  const required = own(schema, "required");
  if (keyword !== "properties" || !Array.isArray(required)) return names;
  const first = required.filter((name): name is string => typeof name === "string" && names.includes(name));
  return [...first, ...names.filter((name) => !first.includes(name))];
}
