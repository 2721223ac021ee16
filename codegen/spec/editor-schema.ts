/** The JSON Schema that editors complete and check a contract with: AsyncAPI's own, and our extensions. */
import { isObject } from "./json.ts";

type Schema = Readonly<Record<string, unknown>>;

/** The version of AsyncAPI whose schema is given; documents of others are checked for our extensions only. */
const ASYNCAPI = "3.0.0";

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
 * @param asyncApi AsyncAPI's schema of version 3.0.0, without `$id`s, so that its `$ref`s stay in one file.
 * @param extensions The schema of our extensions, which the generator itself checks with.
 */
export function editorSchema(asyncApi: Schema, extensions: Schema): Schema {
  const { definitions: asyncApiParts, $schema: _ofAsyncApi, ...document } = asyncApi;
  const { definitions: ourParts, $schema, title, description, ...ours } = withHovers(withSnippets(extensions), "");
  return {
    $schema,
    $comment:
      "Written from codegen/spec/extensions.schema.json and the schema of AsyncAPI 3.0 in @asyncapi/specs (Apache-2.0): UPDATE=1 npm test -- codegen/spec/editor-schema",
    title,
    description,
    allOf: [
      { $ref: "#/definitions/tandem" },
      {
        if: { required: ["asyncapi"], properties: { asyncapi: { type: "string", not: { const: ASYNCAPI } } } },
        then: { required: ["asyncapi"] },
        else: { $ref: "#/definitions/asyncapi" },
      },
    ],
    definitions: {
      tandem: moved(ours, "tandem-"),
      ...prefixed(ourParts, "tandem-"),
      asyncapi: moved(document, "asyncapi-"),
      ...prefixed(asyncApiParts, "asyncapi-"),
    },
  };
}

function prefixed(parts: unknown, prefix: string): Schema {
  if (!isObject(parts)) return {};
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [prefix + name, moved(part, prefix)]));
}

/** The same schema, where each reference to a definition names it as it is called here. */
function moved(value: unknown, prefix: string): unknown {
  if (Array.isArray(value)) return value.map((element) => moved(element, prefix));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === "$ref" && typeof member === "string"
        ? member.replace(/^#\/definitions\//, `#/definitions/${prefix}`)
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
