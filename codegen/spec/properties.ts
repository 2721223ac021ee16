/** What a schema says about one property, through `$ref` and `allOf`. */
import { isList, isObject, own } from "./json.ts";
import { child, children, type Node } from "./node.ts";

/** One property of a schema. */
export interface Property {
  /** Every schema that the property must satisfy; empty when it is not declared. */
  readonly schemas: readonly Node[];
  readonly required: boolean;
}

export function propertyOf(schemas: readonly Node[], name: string): Property {
  const parts = schemas.flatMap((schema) => conjuncts(schema, new Set()));
  return {
    schemas: parts.flatMap((part) => child(part, "properties", name) ?? []),
    required: parts.some((part) => isListed(own(part.value, "required"), name)),
  };
}

/** The names of all declared properties. */
export function propertyNames(schemas: readonly Node[]): string[] {
  const parts = schemas.flatMap((schema) => conjuncts(schema, new Set()));
  return parts.flatMap((part) => children(child(part, "properties")).map(([name]) => name));
}

/** The only texts that the schemas allow; undefined when they do not list any. */
export function literals(schemas: readonly Node[]): readonly unknown[] | undefined {
  for (const { value } of schemas.flatMap((schema) => conjuncts(schema, new Set()))) {
    if (!isObject(value)) continue;
    if (Object.hasOwn(value, "const")) return [value["const"]];
    const list: unknown = own(value, "enum");
    if (isList(list)) return list;
    const pattern = own(value, "pattern");
    const literal = typeof pattern === "string" ? /^\^([A-Za-z0-9_-]+)\$$/.exec(pattern)?.[1] : undefined;
    if (literal !== undefined) return [literal];
  }
  return undefined;
}

/** Whether every value is a text. */
export function isText(schemas: readonly Node[]): boolean {
  const only = literals(schemas);
  if (only !== undefined && only.length > 0 && only.every((value) => typeof value === "string")) return true;
  return schemas.flatMap((schema) => conjuncts(schema, new Set())).some(({ value }) => own(value, "type") === "string");
}

/** The schema and the ones that it is the conjunction of. */
function conjuncts(schema: Node, seen: Set<string>): Node[] {
  if (seen.has(schema.at)) return [];
  seen.add(schema.at);
  return [schema, ...children(child(schema, "allOf")).flatMap(([, part]) => conjuncts(part, seen))];
}

function isListed(required: unknown, name: string): boolean {
  return isList(required) && required.includes(name);
}
