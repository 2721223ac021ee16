/** Reads channels and the messages that they carry. */
import type { ChannelSpec, EventSpec, MessageUse, ParameterSpec, ServerSpec, Transport } from "../contract.ts";
import { child, children, type Node, text } from "../node.ts";
import { readMessage } from "./messages.ts";
import { saidText, versionNumber } from "./values.ts";

export function readChannels(root: Node, servers: readonly ServerSpec[]): readonly ChannelSpec[] {
  const routed = channelsWithHttpBinding(root);
  return children(child(root, "channels")).map(([key, node]) => ({
    key,
    at: node.at,
    address: saidText(child(node, "address")),
    transport: transportOf(node, servers, routed),
    summary: text(child(node, "summary")) ?? text(child(node, "description")),
    parameters: readParameters(node),
    messages: readMessages(node),
    stream: saidText(child(node, "x-stream")),
    event: readEvent(node),
  }));
}

function readParameters(channel: Node): ParameterSpec[] {
  return children(child(channel, "parameters")).map(([name, node]) => ({
    name,
    at: node.via,
    location: saidText(child(node, "location")),
  }));
}

function readMessages(channel: Node): MessageUse[] {
  return children(child(channel, "messages")).map(([key, node]) => ({ key, at: node.via, message: readMessage(node) }));
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

/** A channel without a list of servers is on all of them; an HTTP binding then says that it is the HTTP door's. */
function transportOf(channel: Node, servers: readonly ServerSpec[], routed: ReadonlySet<string>): Transport {
  const listed = children(child(channel, "servers")).map(([, server]) => server.at);
  const on = listed.length > 0 ? servers.filter((server) => listed.includes(server.at)) : servers;
  if (listed.length === 0 && routed.has(channel.at)) return "http";
  const kinds = new Set(on.map((server) => server.transport));
  if (listed.length === 0 && kinds.has("nats")) return "nats";
  if (kinds.has("http") && kinds.has("nats")) return "both";
  const [only, ...others] = kinds;
  return only === undefined || others.length > 0 ? "other" : only;
}

function channelsWithHttpBinding(root: Node): ReadonlySet<string> {
  const operations = children(child(root, "operations")).map(([, operation]) => operation);
  const routed = operations.filter((operation) => child(operation, "bindings", "http") !== undefined);
  return new Set(routed.flatMap((operation) => child(operation, "channel")?.at ?? []));
}
