/** Visits every object of a document that is written in it, with what AsyncAPI takes it for. */
import { isObject, type JsonObject, own } from "./json.ts";
import { subschemas } from "./keywords.ts";
import { type Pointer, under } from "./pointer.ts";

/** What an object of a document is. */
export type Kind =
  | "root"
  | "server"
  | "channel"
  | "operation"
  | "operation trait"
  | "message"
  | "message trait"
  | "components"
  | "schema"
  | "multi-format schema"
  | "other";

/** One object of a document. `$ref` objects are visited as the kind that they stand for, and not followed. */
export interface Visit {
  readonly kind: Kind;
  readonly at: Pointer;
  readonly value: JsonObject;
}

type Member = readonly [name: string, how: "one" | "each", kind: Kind];

const MEMBERS: Readonly<Record<Kind, readonly Member[]>> = {
  root: [
    ["info", "one", "other"],
    ["servers", "each", "server"],
    ["channels", "each", "channel"],
    ["operations", "each", "operation"],
    ["components", "one", "components"],
  ],
  server: [],
  channel: [
    ["messages", "each", "message"],
    ["parameters", "each", "other"],
  ],
  operation: [
    ["traits", "each", "operation trait"],
    ["channel", "one", "channel"],
    ["messages", "each", "message"],
    ["reply", "one", "other"],
  ],
  "operation trait": [],
  message: [
    ["payload", "one", "schema"],
    ["headers", "one", "schema"],
    ["traits", "each", "message trait"],
  ],
  "message trait": [["headers", "one", "schema"]],
  components: [
    ["schemas", "each", "schema"],
    ["servers", "each", "server"],
    ["channels", "each", "channel"],
    ["operations", "each", "operation"],
    ["messages", "each", "message"],
    ["operationTraits", "each", "operation trait"],
    ["messageTraits", "each", "message trait"],
    ["parameters", "each", "other"],
  ],
  schema: [],
  "multi-format schema": [],
  other: [
    ["channel", "one", "channel"],
    ["messages", "each", "message"],
  ],
};

/** Every object in the order of the document's kinds, parents before what they hold. */
export function visits(document: unknown): Visit[] {
  const found: Visit[] = [];
  const enter = (value: unknown, at: Pointer, kind: Kind): void => {
    if (!isObject(value)) return;
    const language = own(value, "schemaFormat");
    if (kind === "schema" && typeof language === "string") {
      // The schema stands one level deeper, if it is one of JSON Schema at all.
      found.push({ kind: "multi-format schema", at, value });
      if (isJsonSchemaFormat(language)) enter(own(value, "schema"), under(at, "schema"), kind);
      return;
    }
    found.push({ kind, at, value });
    if (typeof own(value, "$ref") === "string") return;
    if (kind === "schema") {
      for (const { path, schema } of subschemas(value)) enter(schema, under(at, ...path), "schema");
      return;
    }
    for (const [name, how, memberKind] of MEMBERS[kind]) {
      const member = own(value, name);
      if (how === "one") enter(member, under(at, name), memberKind);
      else if (typeof member === "object" && member !== null) {
        for (const [key, element] of Object.entries(member)) enter(element, under(at, name, key), memberKind);
      }
    }
  };
  enter(document, "", "root");
  return found;
}

/** Whether a `schemaFormat` names AsyncAPI's own schemas or JSON Schema draft-07. */
export function isJsonSchemaFormat(format: string): boolean {
  return (
    /^application\/vnd\.aai\.asyncapi(\+(json|yaml))?(;version=[23]\.\d+\.\d+)?$/.test(format) ||
    /^application\/schema\+(json|yaml);version=draft-07$/.test(format)
  );
}
