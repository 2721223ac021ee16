/** One message of a stream as a verification sees it: what it is, what caused it, and what its version says of it. */
import { isDiscard, peekEventId, readEnvelope, type MessageHeaders, type StoredMessage } from "@tandem/runtime/admin";
import { TandemError } from "@tandem/runtime";
import { readBody } from "../dead-letters/body.ts";
import type { Schemas } from "../dead-letters/schemas.ts";
import type { Topology, TopologyConsumer, TopologyMessage } from "../topology.ts";

/** A stored message, without its body. */
export interface StoredEvent {
  readonly stream: string;
  readonly sequence: number;
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
  /** Undefined where neither headers nor body say it. */
  readonly eventId: string | undefined;
  /** Undefined where the envelope cannot be read, or the contract does not know the version. */
  readonly cause: { readonly correlationId: string; readonly causationId: string } | undefined;
  /** What its version refuses, in words; null when the contract knows no version of its subject. */
  readonly fault: string | undefined | null;
  /** Whether it is for one durable alone: a replay of a dead letter, or an event whose turn of its key has come. */
  readonly forOne: boolean;
  /** Whether it is the word that a dead letter was discarded, and no event. */
  readonly isDiscard: boolean;
  /** The durables that it is for. */
  readonly consumers: readonly TopologyConsumer[];
}

/** Reads stored messages as a topology understands them. */
export function storedEventReader(
  { messages, consumers }: Topology,
  schemas: Schemas,
): (message: StoredMessage) => StoredEvent {
  const bySubject = new Map(messages.map((message) => [message.subject, message]));
  const byPlace = new Map(messages.map((message) => [`${message.channel} ${message.version}`, message]));
  const replays = new Map(consumers.map((consumer) => [consumer.replaySubject, consumer]));
  const readers = Map.groupBy(
    consumers.flatMap((consumer) => consumer.filterSubjects.map((subject) => ({ subject, consumer }))),
    ({ subject }) => subject,
  );

  return ({ stream, sequence, subject, headers, data, storedAt }) => {
    const replayed = replays.get(subject);
    const discards = replayed !== undefined && isDiscard(headers);
    const version =
      replayed === undefined ? bySubject.get(subject) : byPlace.get(`${replayed.channel} ${replayed.version}`);
    const judged = discards || version === undefined ? undefined : judge(version, headers, data, schemas);
    return {
      ...{ stream, sequence, subject, storedAt, cause: judged?.cause },
      eventId: judged?.eventId ?? peekEventId(headers),
      fault: judged === undefined ? null : judged.fault,
      // What is sent back to a reader of another contract is for that one alone, too.
      forOne: replayed !== undefined || subject.startsWith("replay."),
      isDiscard: discards,
      consumers: (readers.get(subject) ?? []).map(({ consumer }) => consumer),
    };
  };
}

interface Judged extends Pick<StoredEvent, "cause"> {
  readonly eventId: string | undefined;
  readonly fault: string | undefined;
}

function judge(version: TopologyMessage, headers: MessageHeaders, data: Uint8Array, schemas: Schemas): Judged {
  const body = readBody(data);
  const bodyFault = "value" in body ? schemas.faultsOf(version, body.value) : "the body is not JSON in UTF-8";
  try {
    const { eventId, correlationId, causationId } = readEnvelope(headers, body.value, version, version);
    const fault = bodyFault === undefined ? undefined : `it is not ${version.type}: ${bodyFault}`;
    return { eventId, cause: { correlationId, causationId }, fault };
  } catch (error) {
    if (!(error instanceof TandemError)) throw error;
    return { eventId: undefined, cause: undefined, fault: error.message };
  }
}
