/** A plan of streams and durables read from `generated/topology.json`, which says what the contract says of them. */
import type { PriorityDescriptor } from "../descriptors.ts";
import type { StreamRequest } from "../nats/admin-shapes.ts";
import type { StreamPlan } from "./streams.ts";

/** What is used of a topology: import the file as JSON. Times in milliseconds. */
export interface TestTopology {
  readonly streams: readonly {
    readonly name: string;
    readonly subjects: readonly string[];
    readonly maxAgeMs: number;
    readonly duplicateWindowMs: number;
  }[];
  readonly consumers: readonly {
    readonly stream: string;
    readonly durable: string;
    readonly service: string;
    readonly filterSubjects: readonly string[];
    readonly ackWaitMs: number;
    readonly maxDeliver: number;
    /** As JSON is imported: its policy is any text. */
    readonly priority?: { readonly policy: string; readonly timeoutMs?: number };
  }[];
}

/** What the topology says, for a single server; its durables only of these services, so that nobody waits for the rest. */
export function planOfTopology(topology: TestTopology, services: readonly string[]): StreamPlan {
  const streams = topology.streams.map(({ name, subjects, maxAgeMs, duplicateWindowMs }): [string, StreamRequest] => [
    name,
    { subjects, maxAgeMs, duplicateWindowMs, directGet: true },
  ]);
  const durables = topology.consumers
    .filter(({ service }) => services.includes(service))
    .map(({ durable, stream, service, filterSubjects, ackWaitMs, maxDeliver, priority }) => ({
      name: durable,
      stream,
      service,
      filterSubjects,
      ackWaitMs,
      maxDeliver,
      priority: priorityOf(priority),
    }));
  return { streams: new Map(streams), durables };
}

type SaidPriority = TestTopology["consumers"][number]["priority"];

function priorityOf(said: SaidPriority): PriorityDescriptor | undefined {
  const { policy, timeoutMs = 0 } = said ?? {};
  if (policy === "pinned") return { policy, timeoutMs };
  return policy === "prioritized" || policy === "overflow" ? { policy } : undefined;
}
