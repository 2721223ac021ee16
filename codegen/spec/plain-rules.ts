/** The rules of AsyncAPI 3 that no meta-schema says, held to what is written and not to what it leads to. */
import { isList, isObject, own } from "./json.ts";

/**
 * Whether a document keeps the rules of @asyncapi/parser for version 3 beside its meta-schema. It says no, too, where
 * only following a reference would tell.
 */
export function keepsPlainRules(document: unknown): boolean {
  const components = own(document, "components");
  const channels = [...entries(own(document, "channels")), ...entries(own(components, "channels"))];
  const operations = entries(own(document, "operations"));
  return (
    operations.every(([, operation]) => /#\/channels\//.test(referenceOf(own(operation, "channel")))) &&
    [...operations, ...entries(own(components, "operations"))].every(([, operation]) => namesOwnMessages(operation)) &&
    channels.every(
      ([key, channel]) => !/[?#]/.test(key) && namesParameters(channel) && namesServers(own(channel, "servers")),
    )
  );
}

/** Whether the messages of an operation are told by way of its channel. */
function namesOwnMessages(operation: unknown): boolean {
  const place = `${referenceOf(own(operation, "channel"))}/messages`;
  const messages = own(operation, "messages");
  return !isList(messages) || messages.every((message) => referenceOf(message).startsWith(place));
}

/** Whether a channel declares the parameters of its address, and no other. */
function namesParameters(channel: unknown): boolean {
  const address = own(channel, "address");
  // As the parser reads them, which takes odd braces for parts of a name.
  const inAddress = typeof address === "string" ? [...address.matchAll(/\{(.*?)\}/g)].map(([, name = ""]) => name) : [];
  const declared = entries(own(channel, "parameters")).map(([name]) => name);
  return new Set(inAddress).symmetricDifference(new Set(declared)).size === 0;
}

function namesServers(servers: unknown): boolean {
  return !isList(servers) || servers.every((server) => /#\/servers\//.test(referenceOf(server)));
}

function referenceOf(value: unknown): string {
  const reference = own(value, "$ref");
  return typeof reference === "string" ? reference : "";
}

function entries(members: unknown): [string, unknown][] {
  return isObject(members) ? Object.entries(members) : [];
}
