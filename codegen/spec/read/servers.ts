/** Reads servers and streams. */
import type { ServerSpec, StreamSpec } from "../contract.ts";
import { child, children, type Node, text } from "../node.ts";
import { describeServer } from "./description.ts";
import { durationOf, numberOf, saidText } from "./values.ts";

export function readServers(root: Node): readonly ServerSpec[] {
  return children(child(root, "servers")).map(([key, node]) => ({
    key,
    at: node.at,
    described: describeServer(node),
    transport: transportOf((text(child(node, "protocol")) ?? "").toLowerCase()),
    replicas: numberOf(child(node, "x-jetstream", "replicas")) ?? 1,
    atomicBatches: child(node, "x-jetstream", "atomicBatches")?.value === true,
  }));
}

export function readStreams(root: Node): readonly StreamSpec[] {
  return children(child(root, "x-streams")).map(([name, node]) => ({
    name,
    at: node.at,
    owner: saidText(child(node, "owner")),
    maxAgeMs: durationOf(child(node, "maxAge")) ?? 0,
    duplicateWindowMs: durationOf(child(node, "duplicateWindow")) ?? 0,
    shared: child(node, "shared")?.value === true,
  }));
}

/** How a server's protocol carries messages. */
function transportOf(protocol: string): ServerSpec["transport"] {
  if (protocol === "nats" || protocol.startsWith("nats+")) return "nats";
  return protocol === "http" || protocol === "https" ? "http" : "other";
}
