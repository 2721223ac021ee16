/**
 * The tool's own streams, beside those of the contract: what the server says of messages that it gave up, and who
 * did what with dead letters. They name no contract, because every contract of an account shares them.
 */
import type { Topology } from "../topology.ts";
import { contractMetadata, type DesiredDurable, type DesiredStream } from "./desired.ts";

/** Holds the server's advisories of messages that used up their deliveries: the second net under dead letters. */
const ADVISORIES = "TANDEM_ADVISORIES";

/** Holds who replayed, edited or discarded which dead letter, and why. */
export const AUDIT = "TANDEM_AUDIT";

const DAY_MS = 86_400_000;
const MAX_DELIVERIES = "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES";
const STEWARD_ACK_WAIT_MS = 30_000;

/** The tool's own streams on one of the contract's servers, as safe there as the safest stream of the contract. */
export function ownStreams(topology: Topology, server: string): readonly DesiredStream[] {
  const replicas = Math.max(1, ...topology.streams.map(({ servers }) => servers[server]?.replicas ?? 1));
  return [
    ownStream(ADVISORIES, [`${MAX_DELIVERIES}.>`], 30 * DAY_MS, replicas),
    ownStream(AUDIT, ["tandem.audit.>"], 365 * DAY_MS, replicas),
  ];
}

/** The durable through which the stewards of a contract share its advisories. */
export function stewardDurable(topology: Topology): DesiredDurable {
  const { contract, streams, otherStreams = [], consumers } = topology;
  const others = consumers.filter(({ stream }) => otherStreams.some(({ name }) => name === stream));
  return {
    stream: ADVISORIES,
    name: stewardNameOf(contract),
    settings: {
      filterSubjects: [
        ...streams.map(({ name }) => `${MAX_DELIVERIES}.${name}.*`),
        // Who else reads a stream of another contract has a steward too.
        ...others.map(({ stream, durable }) => `${MAX_DELIVERIES}.${stream}.${durable}`),
      ],
      deliverFrom: "all",
      ackWaitMs: STEWARD_ACK_WAIT_MS,
      // An advisory is never given up: it is the last word of a message.
      maxDeliver: -1,
      maxAckPending: 1_000,
      priority: null,
      // A contract may have no stream of its own; it always has this.
      metadata: contractMetadata(topology),
    },
  };
}

/** `steward-orders` of the contract `Orders`. */
function stewardNameOf(contract: string): string {
  const words = contract.toLowerCase().match(/[a-z0-9]+/g) ?? ["contract"];
  return `steward-${words.join("-")}`;
}

function ownStream(name: string, subjects: readonly string[], maxAgeMs: number, replicas: number): DesiredStream {
  return {
    name,
    shared: true,
    settings: {
      subjects,
      retention: "limits",
      storage: "file",
      replicas,
      discard: "old",
      maxAgeMs,
      duplicateWindowMs: 3_600_000,
      atomicBatches: false,
      directGet: true,
      metadata: {},
    },
  };
}
