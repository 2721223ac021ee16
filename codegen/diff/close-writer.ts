import { isObject, type JsonObject, own } from "../spec/json.ts";
import { subschemas } from "../spec/keywords.ts";
import { referenceIn, referenceTo, withDefinitions } from "./document.ts";

/** Keywords whose schemas judge the very value that the schema around them judges. */
const IN_PLACE = new Set(["allOf", "anyOf", "oneOf", "then", "else", "dependencies", "$ref"]);
const ELEMENTS = new Set(["items", "additionalItems", "additionalProperties"]);

/**
 * The schema of what a writer writes, as a document that compares with the schema of a reader.
 *
 * Roles decide what a schema that says nothing of other members means. A reader is taken as its schema stands: the
 * generated subscriber lets unknown members pass, and refuses them where the schema says `additionalProperties: false`.
 * A writer is closed: the type that it is given declares what it writes, so it writes no other members, at any depth.
 *
 * Where a schema speaks of other members (`additionalProperties`, also `true`, or `patternProperties`), they are
 * written. An object that declares nothing stays open: its content is the writer's affair. A member that several schemas
 * of one object declare, as with `allOf`, is closed in none of them. What stays open too widely can only show a break
 * where there is none, never hide one.
 */
export function closeWriter(document: JsonObject): JsonObject {
  const definitions = own(document, "definitions");
  const shared: JsonObject = isObject(definitions) ? definitions : {};
  const closed: Record<string, unknown> = {};

  /** All that is said of one value. */
  const whole = (schema: unknown): unknown => {
    if (!isObject(schema)) return schema;
    const name = referenceIn(schema);
    if (name !== undefined) return { $ref: referenceTo(closedDefinition(name)) };
    const branches = branchesOf(schema, shared, []);
    const result = part(schema, { repeated: repeatedNames(branches), isAlone: branches.length === 1, within: [] });
    if (!isObject(result) || !branches.some(declares)) return result;
    if (own(schema, "additionalProperties") !== undefined) return result;
    // Beside other schemas of the same value, only this keyword knows what they declare.
    return { ...result, [branches.length === 1 ? "additionalProperties" : "unevaluatedProperties"]: false };
  };

  /** One of the schemas of a value. */
  const part = (schema: unknown, group: Group): unknown => {
    const name = referenceIn(schema);
    if (name !== undefined) {
      return group.within.includes(name) ? schema : part(shared[name], { ...group, within: [...group.within, name] });
    }
    if (!isObject(schema)) return schema;
    const entries = Object.entries(schema).filter(([keyword]) => keyword !== "definitions");
    return Object.fromEntries(entries.map(([keyword, value]) => [keyword, member(keyword, value, group)]));
  };

  const member = (keyword: string, value: unknown, group: Group): unknown => {
    if (keyword === "properties" && isObject(value)) {
      return mapValues(value, (schema, name) => (group.repeated.has(name) ? schema : whole(schema)));
    }
    if (ELEMENTS.has(keyword) && group.isAlone) return Array.isArray(value) ? value.map(whole) : whole(value);
    if (!IN_PLACE.has(keyword)) return value;
    if (Array.isArray(value)) return value.map((schema) => part(schema, group));
    if (keyword !== "dependencies" || !isObject(value)) return part(value, group);
    return mapValues(value, (dependency) => (Array.isArray(dependency) ? dependency : part(dependency, group)));
  };

  const closedDefinition = (name: string): string => {
    const key = `${name}.closed`;
    if (!Object.hasOwn(closed, key)) {
      // Taken before it is filled: a schema may lead back to itself.
      closed[key] = true;
      closed[key] = whole(shared[name]);
    }
    return key;
  };

  const root = whole(document);
  return withDefinitions(root, { ...shared, ...closed });
}

/** What counts for all schemas of one value. */
interface Group {
  /** Members that more than one of them speaks of. */
  readonly repeated: ReadonlySet<string>;
  readonly isAlone: boolean;
  /** The shared schemas that are being written out, against circles. */
  readonly within: readonly string[];
}

/** The schema and all that judge the same value. */
function branchesOf(schema: unknown, shared: JsonObject, within: readonly string[]): JsonObject[] {
  const name = referenceIn(schema);
  if (name !== undefined) return within.includes(name) ? [] : branchesOf(shared[name], shared, [...within, name]);
  if (!isObject(schema)) return [];
  const inner = subschemas(schema).filter(({ path: [keyword] }) => IN_PLACE.has(String(keyword)) || keyword === "if");
  return [schema, ...inner.flatMap((one) => branchesOf(one.schema, shared, within))];
}

/** Also when it declares that there are none. */
function declares(schema: JsonObject): boolean {
  return isObject(own(schema, "properties")) || isObject(own(schema, "patternProperties"));
}

function namesOf(schema: JsonObject): string[] {
  return ["properties", "patternProperties"].flatMap((keyword) => {
    const names = own(schema, keyword);
    return isObject(names) ? Object.keys(names) : [];
  });
}

function repeatedNames(branches: readonly JsonObject[]): ReadonlySet<string> {
  const names = branches.flatMap((branch) => [...new Set(namesOf(branch))]);
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}

function mapValues(object: JsonObject, map: (value: unknown, name: string) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value, name)]));
}
