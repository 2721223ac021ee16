/** Visits every object of a document that is written in it, with what AsyncAPI takes it for. */
import { isObject, type JsonObject, own } from "./json.ts";
import { subschemas } from "./keywords.ts";
import { type Dialect, dialectOf } from "./languages.ts";
import { nodeFrom } from "./node.ts";
import { placeIn, type Pointer, under } from "./pointer.ts";
import { majorOf } from "./version.ts";

/** What an object of a document is. */
export type Kind =
  | "root"
  | "server"
  | "channel"
  | "parameter"
  | "operation"
  | "operation trait"
  | "message"
  | "message trait"
  | "components"
  | "schema"
  | "multi-format schema"
  | "other";

/** One object of a document. `$ref` objects are visited as the kind that they stand for. */
export interface Visit {
  readonly kind: Kind;
  readonly at: Pointer;
  readonly value: JsonObject;
  /** For a schema: what its keywords mean. */
  readonly dialect: Dialect;
  /** Whether it stands where AsyncAPI has such a thing; otherwise only a `$ref` leads to it. */
  readonly placed: boolean;
}

type Member = readonly [name: string, how: "one" | "each", kind: Kind];
type Members = Readonly<Record<Kind, readonly Member[]>>;

const COMPONENTS: readonly Member[] = [
  ["schemas", "each", "schema"],
  ["servers", "each", "server"],
  ["channels", "each", "channel"],
  ["operations", "each", "operation"],
  ["messages", "each", "message"],
  ["operationTraits", "each", "operation trait"],
  ["messageTraits", "each", "message trait"],
  ["parameters", "each", "parameter"],
  ["replies", "each", "other"],
];

const VERSION_3: Members = {
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
    ["parameters", "each", "parameter"],
  ],
  parameter: [],
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
  components: COMPONENTS,
  schema: [],
  "multi-format schema": [],
  other: [
    ["channel", "one", "channel"],
    ["messages", "each", "message"],
  ],
};

/** In version 2 a channel holds its operations, and an operation its messages. */
const VERSION_2: Members = {
  ...VERSION_3,
  root: VERSION_3.root.filter(([name]) => name !== "operations"),
  channel: [
    ["parameters", "each", "parameter"],
    ["publish", "one", "operation"],
    ["subscribe", "one", "operation"],
  ],
  parameter: [["schema", "one", "schema"]],
  operation: [
    ["traits", "each", "operation trait"],
    ["message", "one", "message"],
  ],
  message: [["oneOf", "each", "message"], ...VERSION_3.message],
  components: COMPONENTS.filter(([name]) => name !== "operations" && name !== "replies"),
  other: [],
};

/** What each place of a document is for AsyncAPI, where it has such a thing. */
export function placedKinds(document: unknown): ReadonlyMap<Pointer, Kind> {
  return new Map(visits(document).flatMap(({ at, kind, placed }) => (placed ? [[at, kind]] : [])));
}

/**
 * Every object in the order of the document's kinds, parents before what they hold; then what only a `$ref` leads to,
 * in other files and elsewhere.
 */
export function visits(document: unknown): readonly Visit[] {
  if (!isObject(document)) return visit(document);
  const known = visited.get(document) ?? visit(document);
  visited.set(document, known);
  return known;
}

/** Several checks walk over one document, and no document changes. */
const visited = new WeakMap<object, readonly Visit[]>();

function visit(document: unknown): readonly Visit[] {
  const members = majorOf(document) === 2 ? VERSION_2 : VERSION_3;
  const found: Visit[] = [];
  const seen = new Set<Pointer>();
  const referring: Visit[] = [];

  const enter = (value: unknown, at: Pointer, kind: Kind, dialect: Dialect, placed: boolean): void => {
    if (!isObject(value) || seen.has(at)) return;
    seen.add(at);
    const format = own(value, "schemaFormat");
    const language = typeof format === "string" ? dialectOf(format) : dialect;
    const visit = { at, value, dialect: language ?? dialect, placed };
    if (kind === "schema" && typeof format === "string") {
      // The schema stands one level deeper, if it is one that can be read at all.
      found.push({ ...visit, kind: "multi-format schema" });
      if (language !== undefined) enter(own(value, "schema"), under(at, "schema"), kind, language, placed);
      return;
    }
    found.push({ ...visit, kind });
    if (typeof own(value, "$ref") === "string") return void referring.push({ ...visit, kind });
    if (kind === "schema") {
      for (const { path, schema } of subschemas(value)) enter(schema, under(at, ...path), kind, dialect, placed);
      return;
    }
    for (const [name, how, memberKind] of members[kind]) {
      const member = own(value, name);
      const inner = name === "payload" ? language : "asyncapi";
      if (inner === undefined) continue;
      if (how === "one") enter(member, under(at, name), memberKind, inner, placed);
      else if (typeof member === "object" && member !== null) {
        for (const [key, element] of Object.entries(member)) {
          enter(element, under(at, name, key), memberKind, inner, placed);
        }
      }
    }
  };
  enter(document, "", "root", "asyncapi", true);
  // The list grows while it is walked.
  for (const { at, value, kind, dialect } of referring) {
    const target = nodeFrom(document, { at, value });
    if (target === undefined) continue;
    // In another file everything stands where whoever refers to it says.
    enter(target.value, target.at, kind, dialect, placeIn(target.at).file !== "");
  }
  return found;
}
