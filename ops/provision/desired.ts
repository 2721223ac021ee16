/** What the streams and durables of a contract should look like on a server. */
import type { DurableSettings, StreamSettings } from "@tandem/runtime/admin";
import type { Topology, TopologyConsumer, TopologyStream } from "../topology.ts";

/** Metadata keys that provisioned streams and durables carry, so that a server says whose they are. */
export const METADATA = {
  contract: "tandem.contract",
  contractVersion: "tandem.contract-version",
  owner: "tandem.owner",
  service: "tandem.service",
  event: "tandem.event",
  version: "tandem.version",
} as const;

/** Only what the contract decides; the rest stays as the server or an operator has it. */
type Decided<Settings, Fields extends keyof Settings> = Readonly<Pick<Settings, Fields>>;

export interface DesiredStream {
  readonly name: string;
  /** Whether other contracts of the account use it too; its replicas are then whatever the first one asked for. */
  readonly shared?: boolean;
  readonly settings: Decided<
    StreamSettings,
    | "subjects"
    | "retention"
    | "storage"
    | "replicas"
    | "discard"
    | "maxAgeMs"
    | "duplicateWindowMs"
    | "atomicBatches"
    | "directGet"
    | "metadata"
  >;
}

export interface DesiredDurable {
  readonly stream: string;
  readonly name: string;
  readonly settings: Decided<
    DurableSettings,
    "filterSubjects" | "deliverFrom" | "ackWaitMs" | "maxDeliver" | "maxAckPending" | "priority" | "metadata"
  >;
}

/** What says which release of which contract was provisioned. */
export function contractMetadata({ contract, contractVersion }: Topology): Readonly<Record<string, string>> {
  return { [METADATA.contract]: contract, [METADATA.contractVersion]: contractVersion };
}

/** The streams of a topology on one of the contract's servers. */
export function desiredStreams(topology: Topology, server: string): readonly DesiredStream[] {
  return topology.streams.map((stream) => desiredStream(topology, stream, server));
}

/** The durables of a topology. */
export function desiredDurables(topology: Topology): readonly DesiredDurable[] {
  return topology.consumers.map((consumer) => desiredDurable(topology, consumer));
}

function desiredStream(topology: Topology, stream: TopologyStream, server: string): DesiredStream {
  const { replicas, atomicBatches } = stream.servers[server] ?? { replicas: 1, atomicBatches: false };
  return {
    name: stream.name,
    settings: {
      subjects: stream.subjects,
      retention: "limits",
      storage: "file",
      replicas,
      discard: "old",
      maxAgeMs: stream.maxAgeMs,
      duplicateWindowMs: stream.duplicateWindowMs,
      atomicBatches,
      directGet: true,
      metadata: {
        ...contractMetadata(topology),
        ...(stream.owner === null ? {} : { [METADATA.owner]: stream.owner }),
      },
    },
  };
}

/** One of them. */
export function desiredDurable(topology: Topology, consumer: TopologyConsumer): DesiredDurable {
  return {
    stream: consumer.stream,
    name: consumer.durable,
    settings: {
      filterSubjects: consumer.filterSubjects,
      // A service that is deployed after the first events handles those too.
      deliverFrom: "all",
      ackWaitMs: consumer.ackWaitMs,
      maxDeliver: consumer.maxDeliver,
      maxAckPending: consumer.maxAckPending,
      priority: consumer.priority ?? null,
      metadata: {
        [METADATA.contract]: topology.contract,
        [METADATA.service]: consumer.service,
        [METADATA.event]: consumer.event,
        [METADATA.version]: String(consumer.version),
      },
    },
  };
}
