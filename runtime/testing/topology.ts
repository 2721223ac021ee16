/** A plan of streams and durables read from `generated/topology.json`, which says what the contract says of them. */
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
    .map(({ durable, stream, service, filterSubjects, ackWaitMs, maxDeliver }) => ({
      name: durable,
      stream,
      service,
      filterSubjects,
      ackWaitMs,
      maxDeliver,
    }));
  return { streams: new Map(streams), durables };
}
