/** Streams and the subjects that they store. */
import { compareText } from "../diagnostic.ts";
import { patternsOf } from "../spec/address.ts";
import type { ChannelSpec, Contract } from "../spec/contract.ts";
import { channelsOf, isPublished } from "../spec/roles.ts";
import type { Consumer, Stream } from "./model.ts";
import { replaySubjectOf, subjectOf } from "./names.ts";

/** Every stream, sorted by name; besides its events it stores what is replayed to the durables that read it. */
export function buildStreams(contract: Contract, consumers: readonly Consumer[]): readonly Stream[] {
  const isOwn = ({ owner }: ChannelSpec): boolean => owner === undefined;
  const events = channelsOf(contract, "event").filter(isOwn);
  const deadLetters = channelsOf(contract, "dead letters").filter(isOwn);
  const services = [...new Set(contract.operations.flatMap(({ service }) => service?.value ?? []))];
  const servers = contract.servers
    .filter(({ transport }) => transport === "nats")
    .toSorted((a, b) => compareText(a.key, b.key));
  return contract.streams
    .map((stream) => {
      const inStream = ({ stream: name }: ChannelSpec): boolean => name?.value === stream.name;
      return {
        name: stream.name,
        owner: stream.owner?.value,
        pointer: stream.at,
        subjects: [
          ...events.filter(inStream).flatMap(eventSubjects),
          ...deadLetters.filter(inStream).flatMap((channel) => deadLetterSubjects(channel, services)),
          ...consumers.filter((consumer) => consumer.stream === stream.name).map(({ replaySubject }) => replaySubject),
          ...(stream.shared ? [replaySubjectOf(`${stream.name}.*`)] : []),
        ].toSorted(compareText),
        maxAgeMs: stream.maxAgeMs,
        duplicateWindowMs: stream.duplicateWindowMs,
        servers: Object.fromEntries(
          servers.map(({ key, replicas, atomicBatches }) => [key, { replicas, atomicBatches }]),
        ),
      };
    })
    .toSorted((a, b) => compareText(a.name, b.name));
}

/**
 * One subject for each version that is published, never a wildcard: what is published to anything else is refused
 * by the broker and so seen by whoever publishes it. A draft is not published yet. A retired version is left out too:
 * what is stored of it stays, a durable may still filter on its subject and read it until its age ends it, and a
 * forgotten publisher gets an error where it would else store facts that nobody reads.
 */
function eventSubjects(channel: ChannelSpec): string[] {
  const address = channel.address?.value ?? "";
  return channel.messages
    .filter(isPublished)
    .flatMap(({ message }) => (message.version === undefined ? [] : subjectOf(address, message.version.number.value)));
}

/**
 * A wildcard for each parameter but the service: which dead letters there will be is not the stream's affair, and those
 * of the services of another contract have a stream there.
 */
function deadLetterSubjects({ address }: ChannelSpec, services: readonly string[]): string[] {
  return address === undefined ? [] : patternsOf(address.value, services);
}
