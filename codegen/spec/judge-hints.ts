/** What to do about an error of the judge, which says only what is wrong. */
import type { Diagnostic as ParserDiagnostic } from "@asyncapi/parser";
import { isObject, own } from "./json.ts";
import { nodeAt } from "./node.ts";
import { parent, type Pointer, under } from "./pointer.ts";
import type { Source } from "./source.ts";
import { majorOf } from "./version.ts";

/** What to do about a member that is not expected at some place. */
interface Moved {
  readonly place: RegExp;
  readonly hint: string;
}

/** Members of AsyncAPI 2 in a document of AsyncAPI 3, which is what most such members are. */
const OF_VERSION_2: readonly Moved[] = [
  {
    place: /^\/channels\/[^/]+\/(publish|subscribe)$/,
    hint: "In AsyncAPI 3 it is an operation with an action, under operations at the root.",
  },
  { place: /^\/servers\/[^/]+\/url$/, hint: "In AsyncAPI 3 it is host, with protocol and pathname beside it." },
  { place: /^\/(tags|externalDocs)$/, hint: "In AsyncAPI 3 it stands under info." },
  {
    place: /\/parameters\/[^/]+\/schema$/,
    hint: "In AsyncAPI 3 a parameter is a text, with enum, default and examples beside its description.",
  },
  { place: /\/messages\/[^/]+\/schemaFormat$/, hint: "In AsyncAPI 3 it stands in payload, with schema beside it." },
  { place: /\/messages\/[^/]+\/messageId$/, hint: "In AsyncAPI 3 the key of a message is its id." },
  { place: /^\/operations\/[^/]+\/message$/, hint: "In AsyncAPI 3 it is messages, a list of references." },
  { place: /\/operationId$/, hint: "In AsyncAPI 3 the key of an operation is its id." },
  {
    place: /\/security\/\d+\/[^/]+$/,
    hint: "In AsyncAPI 3 it is a reference: $ref: '#/components/securitySchemes/...'.",
  },
];

/** What is in no version, and is there for editors. */
const FOR_EDITORS: Moved = {
  place: /^\/\$schema$/,
  hint: "Tell editors in their settings, or in YAML by a comment: # yaml-language-server: $schema=....",
};

/** And the other way round. */
const OF_VERSION_3: readonly Moved[] = [
  { place: /^\/operations$/, hint: "In AsyncAPI 2 an operation is publish or subscribe of its channel." },
  { place: /^\/servers\/[^/]+\/(host|pathname)$/, hint: "In AsyncAPI 2 it is a part of url." },
  { place: /^\/channels\/[^/]+\/address$/, hint: "In AsyncAPI 2 the key of a channel is its address." },
  {
    place: /^\/channels\/[^/]+\/messages$/,
    hint: "In AsyncAPI 2 messages stand in publish or subscribe of the channel.",
  },
];

/** What to do about anything else, by what the judge says of it or by its rule. */
const HINTS: readonly (readonly [says: RegExp, hint: string])[] = [
  [/redundant defined "(.*)" parameter/, "Remove it, or write {$1} into the address."],
  [/undefined security scheme/, "Declare it under components/securitySchemes."],
  [/Referencing in this place is not allowed/, "Write what it refers to in its place."],
];

function hintOfOtherVersion(at: Pointer, major: number | undefined): string | undefined {
  return [FOR_EDITORS, ...(major === 3 ? OF_VERSION_2 : OF_VERSION_3)].find(({ place }) => place.test(at))?.hint;
}

/** How an operation names a message of its channel, which is not how a message is named elsewhere. */
function hintOfMessage(at: Pointer, document: unknown): string {
  const operation = parent(parent(at));
  const channel = own(own(nodeAt(document, operation)?.value, "channel"), "$ref");
  const messages = nodeAt(document, under(operation, "channel", "messages"))?.value;
  const names = isObject(messages) ? Object.keys(messages) : [];
  const meant = nodeAt(document, at)?.at;
  const name = names.find((one) => nodeAt(document, under(operation, "channel", "messages", one))?.at === meant);
  const example = name ?? names[0];
  if (typeof channel !== "string" || example === undefined) return "";
  const said = `${channel}/messages/${example}`;
  return name === undefined ? `Messages of its channel are named like ${said}.` : `Write it as ${said}.`;
}

/**
 * One sentence, or nothing where the error says it all.
 * @param at Where the error is, among what its document is made of
 */
export function hintFor({ code, message, path }: ParserDiagnostic, at: Pointer, { data }: Source): string {
  if (code === "asyncapi3-operation-messages-from-referred-channel") return hintOfMessage(at, data);
  const isUnexpected = /is not expected to be here/.test(message);
  const moved = isUnexpected ? hintOfOtherVersion(under("", ...path), majorOf(data)) : undefined;
  if (moved !== undefined) return moved;
  const suggestion = /Did you mean "?(.*?)"?\?$/s.exec(message)?.[1];
  if (suggestion !== undefined) return `Did you mean ${suggestion}?`;
  if (isUnexpected) return "Remove it, mend its spelling, or prefix it with x-.";
  for (const [says, hint] of HINTS) {
    const found = says.exec(message);
    if (found !== null) return hint.replace("$1", () => found[1] ?? "");
  }
  return "";
}
