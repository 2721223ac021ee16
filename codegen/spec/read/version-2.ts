/**
 * Reads what AsyncAPI 2 says in other words than 3. There a channel holds its operations, as others see the
 * application: what others `publish` to it, it receives, and what others `subscribe` to, it sends. An operation holds
 * its messages, one or several, most of which have no key.
 */
import type { ChannelSpec, MessageUse, OperationSpec, ParameterSpec, ServerSpec } from "../contract.ts";
import { isObject, own } from "../json.ts";
import { child, children, definedAs, type Node, said, text } from "../node.ts";
import { lastToken, parent } from "../pointer.ts";
import { transportOn } from "./channels.ts";
import { readLayers } from "./messages.ts";
import { defaultsOfOperation } from "./operations.ts";
import type { Traffic } from "./read.ts";
import { saidText, textsOf } from "./values.ts";

const ACTIONS = { publish: "receive", subscribe: "send" } as const;

export function readVersion2(root: Node, servers: readonly ServerSpec[]): Traffic {
  const contentType = text(child(root, "defaultContentType"));
  const read = children(child(root, "channels")).map(([address, node]) => {
    const operations = (["publish", "subscribe"] as const).flatMap((word) =>
      readOperation(node, address, word, contentType),
    );
    const channel = readChannel(node, address, servers, operations);
    return { channel, operations: operations.map((operation) => ({ ...operation, channel })) };
  });
  const channels = read.map(({ channel }) => channel);
  const carried = new Set(channels.flatMap(({ messages }) => messages.map(({ message }) => message.at)));
  const spare = children(child(root, "components", "messages")).flatMap(([, node]) =>
    alternatives(node).filter(({ at }) => !carried.has(at)),
  );
  return {
    channels,
    operations: read.flatMap(({ operations }) => operations),
    spareMessages: spare.map((node) => readUse(node, definedAs(node), contentType).message),
  };
}

function readChannel(
  node: Node,
  address: string,
  servers: readonly ServerSpec[],
  operations: readonly Omit<OperationSpec, "channel">[],
): ChannelSpec {
  const chosen = textsOf(child(node, "servers")) ?? [];
  const on = chosen.length > 0 ? servers.filter(({ key }) => chosen.includes(key)) : servers;
  const uses = operations.flatMap(({ messages }) => messages.map(({ value }) => value));
  return {
    key: address,
    at: node.at,
    owner: undefined,
    address: { value: address, at: node.via },
    transport: transportOn(on, chosen.length > 0),
    servers: chosen.length > 0 ? on.map(({ key }) => key) : undefined,
    title: undefined,
    summary: text(child(node, "description")),
    description: text(child(node, "description")),
    parameters: children(child(node, "parameters")).map(readParameter),
    // Both directions may carry one message.
    messages: uses.filter(({ message }, index) => uses.findIndex((use) => use.message.at === message.at) === index),
    stream: undefined,
    event: undefined,
  };
}

function readParameter([name, node]: [name: string, node: Node]): ParameterSpec {
  return {
    name,
    at: node.via,
    location: saidText(child(node, "location")),
    description: text(child(node, "description")),
    values: undefined,
    default: undefined,
    schema: child(node, "schema"),
  };
}

function readOperation(
  channel: Node,
  address: string,
  word: keyof typeof ACTIONS,
  contentType: string | undefined,
): Omit<OperationSpec, "channel">[] {
  const node = child(channel, word);
  if (node === undefined) return [];
  const layers = withTraits(node);
  const key = text(said(layers, "operationId")) ?? `${ACTIONS[word]} ${address}`;
  const message = child(node, "message");
  const named = message === undefined ? [] : alternatives(message);
  const messages = named.map((one, index) => {
    const fallback = `${key} message${named.length > 1 ? ` ${index + 1}` : ""}`;
    const value = readUse(one, nameOf(one) ?? fallback, contentType);
    return { value, at: value.at };
  });
  return [
    {
      key,
      at: node.at,
      action: ACTIONS[word],
      title: undefined,
      summary: text(said(layers, "summary")) ?? text(said(layers, "description")),
      description: text(said(layers, "description")),
      messages,
      listsMessages: true,
      service: undefined,
      ...defaultsOfOperation(),
      deadLetter: undefined,
      http: undefined,
      reply: undefined,
    },
  ];
}

function readUse(node: Node, key: string, contentType: string | undefined): MessageUse {
  return { key, at: node.via, message: readLayers(node, withTraits(node), key, contentType) };
}

/** The messages that stand for one: itself, or what its `oneOf` lists. */
function alternatives(message: Node, open: readonly string[] = []): Node[] {
  const list = child(message, "oneOf");
  if (!Array.isArray(list?.value) || open.includes(message.at)) return [message];
  return children(list).flatMap(([, one]) => alternatives(one, [...open, message.at]));
}

/** The key of a message that is defined for all, else its id, its name or its title. */
function nameOf(node: Node): string | undefined {
  if (lastToken(parent(node.at)) === "messages") return definedAs(node);
  const layers = withTraits(node);
  return (
    text(said(layers, "messageId")) ?? text(said(layers, "name")) ?? text(said(layers, "title")) ?? titleOf(layers)
  );
}

/** The title of an object that is the payload. */
function titleOf(layers: readonly Node[]): string | undefined {
  const payload = said(layers, "payload");
  if (payload === undefined) return undefined;
  if (lastToken(parent(payload.at)) === "schemas") return definedAs(payload);
  const title = isObject(payload.value) ? own(payload.value, "title") : undefined;
  return typeof title === "string" ? title : undefined;
}

/** The node and its traits, the one that wins first: in version 2 traits win over the node's own words. */
function withTraits(node: Node): readonly Node[] {
  const traits = children(child(node, "traits")).map(([, trait]) => trait);
  return [...traits.toReversed(), node];
}
