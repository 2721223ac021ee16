/**
 * The topology as codegen writes it (`generated/topology.json`): what the provisioner makes true. It is
 * data, so that the same command serves any repository and needs none of its code.
 */
import { readFileSync } from "node:fs";
import { OpsError } from "./error.ts";
import { didYouMean, UsageError } from "./usage-error.ts";

/** The format of topology files that this tool reads. */
export const TOPOLOGY_FORMAT = 2;

export interface Topology {
  readonly format: typeof TOPOLOGY_FORMAT;
  /** The contract's title: streams carry it, so that two systems cannot take each other's. */
  readonly contract: string;
  readonly contractVersion: string;
  readonly streams: readonly TopologyStream[];
  /** Streams of other contracts that its services read: they are looked for, and never made. */
  readonly otherStreams?: readonly OtherStream[];
  readonly consumers: readonly TopologyConsumer[];
  /** Every version of every event. */
  readonly messages: readonly TopologyMessage[];
}

/** A stream of another contract. */
export interface OtherStream {
  readonly name: string;
  /** The title of the contract that owns it. */
  readonly contract: string;
}

/** Times in milliseconds. */
export interface TopologyStream {
  readonly name: string;
  /** The service that writes it; null where several do. */
  readonly owner: string | null;
  readonly subjects: readonly string[];
  readonly maxAgeMs: number;
  readonly duplicateWindowMs: number;
  /** What differs by environment, by the server's key in the contract. */
  readonly servers: Readonly<Record<string, { readonly replicas: number; readonly atomicBatches: boolean }>>;
}

/** Times in milliseconds. */
export interface TopologyConsumer {
  readonly stream: string;
  readonly durable: string;
  readonly service: string;
  /** The event's channel key. */
  readonly channel: string;
  readonly event: string;
  readonly version: number;
  readonly filterSubjects: readonly string[];
  /** Where what its handler gave up goes. */
  readonly deadLetterSubject: string;
  /** Where a dead letter is published again, for this durable alone. */
  readonly replaySubject: string;
  readonly orderedByKey: boolean;
  readonly ackWaitMs: number;
  readonly maxAttempts: number;
  readonly maxDeliver: number;
  readonly maxAckPending: number;
  /** Which instances are given messages; absent where the contract says nothing of it. */
  readonly priority?: TopologyPriority;
}

/** Times in milliseconds. */
export type TopologyPriority =
  | { readonly policy: "prioritized" | "overflow" }
  | { readonly policy: "pinned"; readonly timeoutMs: number };

/** One version of an event. */
export interface TopologyMessage {
  /** The event's channel key. */
  readonly channel: string;
  readonly event: string;
  readonly version: number;
  /** Its `ce-type`. */
  readonly type: string;
  readonly subject: string;
  readonly stream: string;
  /** The service that publishes it; absent where no service of this contract does. */
  readonly publisher?: string;
  /** JSON pointer to the key in the body. */
  readonly key: string;
  /** Where its JSON Schema is, from the folder of the topology. */
  readonly schema: string;
  /** JSON pointers of the values that are not for everybody's eyes, `*` for every element. */
  readonly sensitive: readonly string[];
}

/** @throws OpsError when the file is missing, is no JSON, or was written for another version of the tool */
export function readTopology(path: string): Topology {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new OpsError(`${path} cannot be read. Run \`npm run codegen\`, or name the file with --topology.`, { cause });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new OpsError(`${path} is not JSON. It is generated: run \`npm run codegen\`.`, { cause });
  }
  if (!isTopology(value)) {
    throw new OpsError(
      `${path} is not a topology of format ${TOPOLOGY_FORMAT}. Run the \`generate\` of the version of tandem that runs now.`,
    );
  }
  return value;
}

/** Every service that reads something or owns a stream, sorted. */
export function servicesOf(topology: Topology): readonly string[] {
  const owners = topology.streams.flatMap((stream) => stream.owner ?? []);
  return [...new Set([...owners, ...topology.consumers.map((consumer) => consumer.service)])].sort();
}

/**
 * The server key to provision for: the one asked for, else `development`, else the only one.
 *
 * @throws UsageError when the contract has no such server, or several and none is `development`
 */
export function chooseServer(topology: Topology, asked: string | undefined): string {
  const known = [...new Set(topology.streams.flatMap((stream) => Object.keys(stream.servers)))].sort();
  const list = known.join(", ");
  if (asked !== undefined) {
    if (known.includes(asked)) return asked;
    throw new UsageError(`The contract has no NATS server "${asked}"; it has ${list}.${didYouMean(asked, known)}`);
  }
  if (known.includes("development")) return "development";
  const [only] = known;
  if (only !== undefined && known.length === 1) return only;
  throw new UsageError(`The contract has several NATS servers (${list}): choose one with --server.`);
}

// The file is generated, so its outline is enough: a wrong detail would be a bug of codegen, not of a user.
function isTopology(value: unknown): value is Topology {
  return (
    typeof value === "object" &&
    value !== null &&
    "format" in value &&
    value.format === TOPOLOGY_FORMAT &&
    "contract" in value &&
    typeof value.contract === "string" &&
    "streams" in value &&
    Array.isArray(value.streams) &&
    "consumers" in value &&
    Array.isArray(value.consumers) &&
    "messages" in value &&
    Array.isArray(value.messages)
  );
}
