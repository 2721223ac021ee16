/** Reads channels and the messages that they carry. */
import type {
  ChannelSpec,
  EventSpec,
  MessageSpec,
  MessageUse,
  OwnerSpec,
  ParameterSpec,
  ServerSpec,
  Transport,
} from "../contract.ts";
import { isOurs } from "../extensions.ts";
import { child, children, type Node, nodeAt, text } from "../node.ts";
import { under } from "../pointer.ts";
import { readMessage } from "./messages.ts";
import { readOwner } from "./owner.ts";
import { readServers } from "./servers.ts";
import { saidText, textsOf, versionNumber } from "./values.ts";

export function readChannels(root: Node, servers: readonly ServerSpec[]): readonly ChannelSpec[] {
  const routed = channelsWithHttpBinding(root);
  const contentType = text(child(root, "defaultContentType"));
  return children(child(root, "channels")).map(([key, node]) => {
    const owner = isOurs(root.value) ? readOwner(node) : undefined;
    return { ...readChannel(key, node, contentType), owner, ...placeOf(node, owner, servers, routed) };
  });
}

/** How a channel travels, and on which servers: that of another team on every NATS server that the contract has. */
function placeOf(
  node: Node,
  owner: OwnerSpec | undefined,
  servers: readonly ServerSpec[],
  routed: ReadonlySet<string>,
): Pick<ChannelSpec, "transport" | "servers"> {
  if (owner === undefined) return { transport: transportOf(node, servers, routed), servers: serversOf(node, servers) };
  const document = nodeAt(node.document, under("", owner.file));
  const transport = transportOf(node, document === undefined ? [] : readServers(document), routed);
  return { transport, servers: servers.filter((server) => server.transport === "nats").map(({ key }) => key) };
}

function readChannel(
  key: string,
  node: Node,
  contentType: string | undefined,
): Omit<ChannelSpec, "owner" | "transport" | "servers"> {
  return {
    key,
    at: node.at,
    address: saidText(child(node, "address")),
    title: text(child(node, "title")),
    summary: text(child(node, "summary")) ?? text(child(node, "description")),
    description: text(child(node, "description")),
    parameters: readParameters(node),
    messages: readMessages(node, contentType),
    stream: saidText(child(node, "x-stream")),
    event: readEvent(node),
  };
}

/** The messages that are defined for all, and that no channel carries. */
export function readSpareMessages(root: Node, channels: readonly ChannelSpec[]): readonly MessageSpec[] {
  const carried = new Set(channels.flatMap((channel) => channel.messages.map(({ message }) => message.at)));
  const contentType = text(child(root, "defaultContentType"));
  return children(child(root, "components", "messages"))
    .filter(([, node]) => !carried.has(node.at))
    .map(([, node]) => readMessage(node, contentType));
}

function readParameters(channel: Node): ParameterSpec[] {
  return children(child(channel, "parameters")).map(([name, node]) => ({
    name,
    at: node.via,
    location: saidText(child(node, "location")),
    description: text(child(node, "description")),
    values: textsOf(child(node, "enum")),
    default: text(child(node, "default")),
    schema: undefined,
  }));
}

function readMessages(channel: Node, contentType: string | undefined): MessageUse[] {
  return children(child(channel, "messages")).map(([key, node]) => ({
    key,
    at: node.via,
    message: readMessage(node, contentType),
  }));
}

function readEvent(channel: Node): EventSpec | undefined {
  const event = child(channel, "x-event");
  const key = saidText(child(channel, "x-event", "key"));
  if (event === undefined || key === undefined) return undefined;
  const writes = saidText(child(event, "writes"));
  const number = versionNumber(writes?.value ?? "");
  return {
    at: event.at,
    key,
    writes: writes === undefined || number === undefined ? undefined : { value: number, at: writes.at },
  };
}

function serversOf(channel: Node, servers: readonly ServerSpec[]): readonly string[] | undefined {
  const listed = new Set(children(child(channel, "servers")).map(([, server]) => server.at));
  return listed.size === 0 ? undefined : servers.filter(({ at }) => listed.has(at)).map(({ key }) => key);
}

/** A channel without a list of servers is on all of them; an HTTP binding then says that it is the HTTP door's. */
function transportOf(channel: Node, servers: readonly ServerSpec[], routed: ReadonlySet<string>): Transport {
  const listed = children(child(channel, "servers")).map(([, server]) => server.at);
  const on = listed.length > 0 ? servers.filter((server) => listed.includes(server.at)) : servers;
  if (listed.length === 0 && routed.has(channel.at)) return "http";
  return transportOn(on, listed.length > 0);
}

/** How messages travel on some servers. @param chosen Whether the channel lists them, and is not merely on all. */
export function transportOn(on: readonly ServerSpec[], chosen: boolean): Transport {
  const kinds = new Set(on.map((server) => server.transport));
  if (!chosen && kinds.has("nats")) return "nats";
  if (kinds.has("http") && kinds.has("nats")) return "both";
  const [only, ...others] = kinds;
  return only === undefined || others.length > 0 ? "other" : only;
}

function channelsWithHttpBinding(root: Node): ReadonlySet<string> {
  const operations = children(child(root, "operations")).map(([, operation]) => operation);
  const routed = operations.filter((operation) => child(operation, "bindings", "http") !== undefined);
  return new Set(routed.flatMap((operation) => child(operation, "channel")?.at ?? []));
}
