/** Settings that the contract does not decide, that somebody made by hand, and that hurt. They are told, and left alone. */
import type { DurableInfo, StreamInfo } from "@tandem/runtime/admin";
import { span } from "./in-numbers.ts";

/** One such setting. */
export interface Drift {
  /** As the JetStream API names it. */
  readonly setting: string;
  readonly value: unknown;
  /** What it does, as a sentence without its end. */
  readonly says: string;
}

/** A breaker pauses a durable for seconds or minutes; whoever pauses it for longer is a person. */
const LONG_PAUSE_MS = 3_600_000;
const NANOSECONDS = 1_000_000;

const STREAM_SETTINGS: Readonly<Record<string, string>> = {
  sealed: "it takes no more messages: publishers are refused",
  no_ack: "it acknowledges nothing: every outbox waits for ever",
  max_msgs_per_subject: "it keeps so many messages of one subject and drops older ones, read or not",
  discard_new_per_subject: "it refuses new messages of a subject that is full",
  max_consumers: "no more durables than that can be made",
  consumer_limits: "it limits every durable, whatever the contract says of it",
  mirror: "it copies another stream, and takes nothing of publishers",
  sources: "it takes messages of other streams, which no outbox knows",
  subject_transform: "it stores messages under other subjects than they were published to, so that nobody reads them",
  republish: "it publishes everything again elsewhere",
  allow_msg_counter: "it takes numbers to add up only: events are refused",
  allow_rollup_hdrs: "a message may remove all that were before it",
  persist_mode: "it acknowledges messages before they are on disk",
};

const DURABLE_SETTINGS: Readonly<Record<string, string>> = {
  backoff: "it replaces the ack wait of the contract, so that messages come twice while they are handled",
  headers_only: "it delivers no bodies: every message becomes a dead letter",
  inactive_threshold: "the server removes it, with its place, when nobody reads it for that long",
  mem_storage: "it forgets its place when its server restarts",
  rate_limit_bps: "it delivers no faster than that",
  max_waiting: "no more pulls than that may wait: further instances are refused",
  max_batch: "larger pulls are refused",
  max_expires: "longer pulls are refused",
  max_bytes: "pulls must say how many bytes they take, and ours do not",
};

/** What is set on a stream by hand, and hurts. */
export function driftOfStream({ settings, others = {} }: StreamInfo): readonly Drift[] {
  const { discard, maxBytes, maxMessages, maxMessageBytes } = settings;
  const full =
    discard === "old" ? "drops its oldest messages, read or not" : "refuses new messages, so that every outbox waits";
  const limits = [
    ...(maxMessages > 0 ? [drift("max_msgs", maxMessages, `a full stream ${full}`)] : []),
    ...(maxBytes > 0 ? [drift("max_bytes", maxBytes, `a full stream ${full}`)] : []),
    ...(maxMessageBytes > 0 ? [drift("max_msg_size", maxMessageBytes, "longer messages are refused for good")] : []),
    ...(settings.denyDelete
      ? [drift("deny_delete", true, "no message can be deleted, whoever asks for that by law")]
      : []),
    ...(settings.denyPurge
      ? [drift("deny_purge", true, "it cannot be emptied by subject, which spares reading through it")]
      : []),
  ];
  return [...limits, ...known(others, STREAM_SETTINGS)];
}

/** What is set on a durable by hand, and hurts. */
export function driftOfDurable({ settings, pausedForMs, others = {} }: DurableInfo): readonly Drift[] {
  return [
    ...(pausedForMs > LONG_PAUSE_MS
      ? [
          drift(
            "pause_until",
            pausedForMs,
            `somebody paused it, and it delivers nothing for another ${span(pausedForMs)}`,
          ),
        ]
      : []),
    ...(settings.replicas > 0
      ? [drift("num_replicas", settings.replicas, "its place is stored so often, whatever the stream's replicas are")]
      : []),
    ...known(others, DURABLE_SETTINGS),
  ];
}

function known(others: Readonly<Record<string, unknown>>, says: Readonly<Record<string, string>>): Drift[] {
  return Object.entries(others).flatMap(([setting, value]) => {
    const harm = Object.hasOwn(says, setting) ? says[setting] : undefined;
    return harm === undefined ? [] : [drift(setting, inWords(setting, value), harm)];
  });
}

/** The API counts times in nanoseconds. */
function inWords(setting: string, value: unknown): unknown {
  if (Array.isArray(value) && setting === "backoff") return value.map((each) => inWords(setting, each));
  const isTime = setting === "inactive_threshold" || setting === "max_expires" || setting === "backoff";
  return isTime && typeof value === "number" ? span(value / NANOSECONDS) : value;
}

function drift(setting: string, value: unknown, says: string): Drift {
  return { setting, value, says };
}
