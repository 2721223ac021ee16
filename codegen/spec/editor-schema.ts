/** The JSON Schema that editors complete and check a contract with: AsyncAPI's own, and our extensions. */
import { isDeepStrictEqual } from "node:util";
import { isObject } from "./json.ts";

type Schema = Readonly<Record<string, unknown>>;

/** The versions of AsyncAPI that our extensions are read in. A document that does not say is taken for the first. */
const VERSIONS = ["3.0.0", "3.1.0"] as const;

/** AsyncAPI's schema of each version, without `$id`s, so that its `$ref`s stay in one file. */
export type AsyncApiSchemas = Readonly<Record<(typeof VERSIONS)[number], Schema>>;

/** What an editor offers to write in one go, by the extension's place in our schema. `$1` is where the cursor goes. */
const SNIPPETS: Readonly<Record<string, { readonly label: string; readonly body: unknown }>> = {
  "channel/x-event": { label: "the channel is an event", body: { key: "${1:/order_id}" } },
  "operation/x-consumer": {
    label: "how the service takes the event",
    body: { concurrency: "${1:16}", ackWait: "${2:PT30S}" },
  },
  "operation/x-retry": {
    label: "five attempts, each after twice the delay",
    body: { maxAttempts: "${1:5}", strategy: { type: "exponential", delay: "${2:PT1S}", maxDelay: "${3:PT20S}" } },
  },
  "operation/x-dead-letter": {
    label: "to a channel of dead letters",
    body: { channel: { $ref: "#/channels/${1:deadLetters}" } },
  },
  "message/x-version": { label: "a version of the event", body: { number: "${1:1}" } },
  "message/x-evolves": {
    label: "from the version before",
    body: { from: "${1:OrderCreatedV1}", steps: [{ rename: { from: "${2:/old}", to: "${3:/new}" } }] },
  },
  "server/x-jetstream": { label: "three replicas", body: { replicas: "${1:3}" } },
};

/**
 * Makes the schema. Pure: the same schemas give the same one.
 * @param extensions The schema of our extensions, which the generator itself checks with.
 */
export function editorSchema(asyncApi: AsyncApiSchemas, extensions: Schema): Schema {
  const [first, second] = VERSIONS;
  const { definitions: firstParts, $schema: _ofFirst, ...firstDocument } = asyncApi[first];
  const { definitions: secondParts, $schema: _ofSecond, ...secondDocument } = asyncApi[second];
  const changed = changedParts(firstParts, secondParts);
  const inSecond = (name: string): string => (changed.has(name) ? "asyncapi-3.1-" : "asyncapi-");
  const own = Object.entries(isObject(secondParts) ? secondParts : {}).filter(([name]) => changed.has(name));
  const { definitions: ourParts, $schema, title, description, ...ours } = withHovers(withSnippets(extensions), "");
  return {
    $schema,
    $comment:
      "Written from codegen/spec/extensions.schema.json and the schema of AsyncAPI 3.0 and 3.1 in @asyncapi/specs (Apache-2.0): UPDATE=1 npm test -- codegen/spec/editor-schema",
    title,
    description,
    allOf: [
      { $ref: "#/definitions/tandem" },
      // What the generator does not read our extensions in is underlined at its version.
      { if: { required: ["x-tandem"] }, then: { properties: { asyncapi: { enum: VERSIONS } } } },
      { if: isVersion(second), then: { $ref: "#/definitions/asyncapi-3.1" } },
      {
        if: { required: ["asyncapi"], properties: { asyncapi: { type: "string", not: { const: first } } } },
        then: { required: ["asyncapi"] },
        else: { $ref: "#/definitions/asyncapi" },
      },
    ],
    definitions: {
      tandem: moved(ours, "tandem-"),
      ...prefixed(ourParts, "tandem-"),
      asyncapi: moved(firstDocument, "asyncapi-"),
      ...prefixed(firstParts, "asyncapi-"),
      "asyncapi-3.1": moved(secondDocument, inSecond),
      ...Object.fromEntries(own.map(([name, part]) => [inSecond(name) + name, moved(part, inSecond)])),
    },
  };
}

function isVersion(version: string): Schema {
  return { required: ["asyncapi"], properties: { asyncapi: { const: version } } };
}

/** The definitions of a version that are not those of the one before it, or lead to such a one: the others are shared. */
function changedParts(before: unknown, after: unknown): ReadonlySet<string> {
  const [old, parts] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  const changed = new Set(Object.keys(parts).filter((name) => !isDeepStrictEqual(parts[name], old[name])));
  for (let size = -1; size !== changed.size;) {
    size = changed.size;
    for (const [name, part] of Object.entries(parts)) {
      if (namesIn(part).some((named) => changed.has(named))) changed.add(name);
    }
  }
  return changed;
}

/** The definitions that a schema refers to. */
function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === "$ref" && typeof member === "string" ? [member.replace(/^#\/definitions\//, "")] : namesIn(member),
  );
}

function prefixed(parts: unknown, prefix: string): Schema {
  if (!isObject(parts)) return {};
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [prefix + name, moved(part, prefix)]));
}

/** The same schema, where each reference to a definition names it as it is called here: behind a prefix. */
function moved(value: unknown, prefix: string | ((name: string) => string)): unknown {
  if (Array.isArray(value)) return value.map((element) => moved(element, prefix));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === "$ref" && typeof member === "string"
        ? member.replace(
            /^#\/definitions\/([^/]*)/,
            (_, name: string) => `#/definitions/${typeof prefix === "string" ? prefix : prefix(name)}${name}`,
          )
        : moved(member, prefix),
    ]),
  );
}

function withSnippets(extensions: Schema): Schema {
  const definitions = isObject(extensions["definitions"]) ? { ...extensions["definitions"] } : {};
  for (const [place, { label, body }] of Object.entries(SNIPPETS)) {
    const [kind = "", name = ""] = place.split("/");
    const part = definitions[kind];
    const properties = isObject(part) ? part["properties"] : undefined;
    const extension = isObject(properties) ? properties[name] : undefined;
    if (!isObject(part) || !isObject(properties) || !isObject(extension)) throw new Error(`there is no ${place}`);
    definitions[kind] = {
      ...part,
      properties: { ...properties, [name]: { ...extension, defaultSnippets: [{ label, body }] } },
    };
  }
  return { ...extensions, definitions };
}

/** A `$ref` beside a description hides it from editors, which follow the one and drop the other: both go into `allOf`. */
function withHovers(value: Schema, key: string): Schema {
  const members = Object.entries(value).map(([name, member]) => [name, hovered(member, name)] as const);
  const { $ref, ...rest } = Object.fromEntries(members);
  if (typeof $ref !== "string" || key === "properties" || Object.keys(rest).length === 0) {
    return $ref === undefined ? rest : { $ref, ...rest };
  }
  return { ...rest, allOf: [{ $ref }] };
}

function hovered(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((element) => hovered(element, ""));
  return isObject(value) ? withHovers(value, key) : value;
}
