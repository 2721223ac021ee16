/** What the topology knows of dead letters: where they lie, whose they are, what their bodies should be. */
import { overlap } from "../subjects.ts";
import type { Topology, TopologyConsumer, TopologyMessage } from "../topology.ts";
import type { Entry } from "./letter.ts";

export interface Catalogue {
  /** The streams that hold dead letters, sorted. */
  readonly streams: readonly string[];
  /** The consumer whose dead letters have this subject. */
  consumerAt(deadLetterSubject: string): TopologyConsumer | undefined;
  /** The consumer that gave an entry up; undefined for a publisher's, and when the contract has it no more. */
  consumerOf(entry: Pick<Entry, "origin" | "durable">): TopologyConsumer | undefined;
  messageOf(channel: string, version: number): TopologyMessage | undefined;
  messageOfType(type: string): TopologyMessage | undefined;
  /** The sensitive pointers of every version: for what is of none that is known. */
  readonly sensitive: readonly string[];
}

/** Looks a topology up. */
export function catalogueOf({ streams, consumers, messages }: Topology): Catalogue {
  const subjects = [
    ...consumers.map(({ deadLetterSubject }) => deadLetterSubject),
    // What publishers write: see runtime/postgres/unrepresentable-letters.ts.
    ...messages.flatMap(({ stream, channel, version }) =>
      streams.flatMap(({ name, owner }) =>
        name === stream && owner !== null ? [`dead.${owner}.${channel}.v${version}`] : [],
      ),
    ),
  ];
  const holding = streams.filter((stream) =>
    stream.subjects.some((filter) => subjects.some((subject) => overlap(filter, subject))),
  );
  const bySubject = new Map(consumers.map((consumer) => [consumer.deadLetterSubject, consumer]));
  const byDurable = new Map(consumers.map((consumer) => [consumer.durable, consumer]));
  const byPlace = new Map(messages.map((message) => [`${message.channel} ${message.version}`, message]));
  const byType = new Map(messages.map((message) => [message.type, message]));
  return {
    streams: holding.map(({ name }) => name).toSorted(),
    consumerAt: (subject) => bySubject.get(subject),
    consumerOf: ({ origin, durable }) => (origin === "consumer" ? byDurable.get(durable) : undefined),
    messageOf: (channel, version) => byPlace.get(`${channel} ${version}`),
    messageOfType: (type) => byType.get(type),
    sensitive: messages.flatMap(({ sensitive }) => sensitive),
  };
}
