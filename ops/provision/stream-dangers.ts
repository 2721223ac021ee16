/** What changing a stream could do to what it holds, and to who writes and reads it. */
import type { Admin, DurableInfo, StreamInfo } from "@tandem/runtime/admin";
import { filtersOf, overlap } from "../subjects.ts";
import type { Topology } from "../topology.ts";
import type { Danger } from "./danger.ts";
import { type DesiredStream, METADATA } from "./desired.ts";
import { messages, span } from "./in-numbers.ts";

/** What is asked of the server: it counts, and nothing is read. */
export type Counting = Pick<Admin, "countMessages" | "durables">;

/** The dangers of an update, in the order of its fields. */
export async function streamDangers(
  admin: Counting,
  desired: DesiredStream,
  running: StreamInfo,
  topology: Topology,
): Promise<readonly Danger[]> {
  const { settings } = desired;
  const gone = running.settings.subjects.filter((subject) => !settings.subjects.includes(subject));
  const younger =
    settings.maxAgeMs > 0 && (running.settings.maxAgeMs === 0 || settings.maxAgeMs < running.settings.maxAgeMs);
  const durables =
    gone.length > 0 || younger ? (await admin.durables(desired.name)).filter(({ durable }) => durable) : [];
  const found: Danger[] = [];
  for (const subject of gone) found.push(...(await withoutSubject(admin, running, subject, durables, topology)));
  if (younger) found.push(...(await olderThan(admin, running, settings.maxAgeMs, durables)));
  return [
    ...found,
    ...fewerReplicas(desired, running),
    ...withoutBatches(desired, running, topology),
    ...dropsOld(desired, running),
  ];
}

async function withoutSubject(
  admin: Counting,
  { name, settings }: StreamInfo,
  subject: string,
  durables: readonly DurableInfo[],
  { messages: declared }: Topology,
): Promise<readonly Danger[]> {
  // The contract names a retired version still: that it is published no more is what it says.
  if (declared.some((message) => message.subject === subject && message.stream === name)) return [];
  const readers = durables.filter((durable) => filtersOf(durable).some((filter) => overlap(filter, subject)));
  if (subject.startsWith("replay.")) return withoutReplays(admin, name, subject, readers);
  const stored = await admin.countMessages(name, subject);
  if (stored === 0 && readers.length === 0) return [];
  const owner = settings.metadata[METADATA.owner] ?? "whoever publishes it";
  const reading =
    readers.length === 0 ? "" : `, and ${readers.map((reader) => reader.name).join(", ")} would be given no more of it`;
  const says =
    `the stream would no longer take ${subject}, of which it holds ${messages(stored)}${reading}. ` +
    `What is stored stays and can be read until its age ends it, but a release of ${owner} that still publishes it is answered by nobody, and its outbox waits. ` +
    "Stop every publisher of it first, or keep the version in the contract as retired.";
  return [{ kind: "subjects", says }];
}

/** Replays are for one durable, which is no longer in the contract; only what it has not settled matters. */
async function withoutReplays(
  admin: Counting,
  stream: string,
  subject: string,
  readers: readonly DurableInfo[],
): Promise<readonly Danger[]> {
  for (const { name, settledSequence } of readers) {
    const waiting = await admin.countMessages(stream, subject, { from: settledSequence + 1 });
    if (waiting > 0) {
      const says = `${messages(waiting)} of ${subject} wait for ${name}, to which nothing could be replayed any more. Let it handle them first.`;
      return [{ kind: "subjects", says }];
    }
  }
  return [];
}

async function olderThan(
  admin: Counting,
  running: StreamInfo,
  maxAgeMs: number,
  durables: readonly DurableInfo[],
): Promise<readonly Danger[]> {
  const since = Date.now() - maxAgeMs;
  const old =
    running.messages === 0
      ? 0
      : (await admin.countMessages(running.name, ">")) - (await admin.countMessages(running.name, ">", { since }));
  if (old <= 0) return [];
  const waiting: string[] = [];
  for (const durable of durables) {
    const { name, settledSequence } = durable;
    let count = 0;
    for (const filter of filtersOf(durable)) {
      const open = await admin.countMessages(running.name, filter, { from: settledSequence + 1 });
      count += Math.max(0, open - (await admin.countMessages(running.name, filter, { since })));
    }
    if (count > 0) waiting.push(`${count} of them wait for ${name}`);
  }
  const before = running.settings.maxAgeMs === 0 ? "for ever" : `for ${span(running.settings.maxAgeMs)}`;
  const lost =
    waiting.length === 0
      ? "No durable waits for any of them."
      : `${waiting.join(", ")} and would be handled by nobody.`;
  const says =
    `messages are kept for ${span(maxAgeMs)} instead of ${before}: ${messages(old)} are older than that, and the server removes them at once. ` +
    `${lost} Wait until nothing is pending that old, or save the stream first (nats stream backup ${running.name} DIR).`;
  return [{ kind: "max-age", says }];
}

function fewerReplicas({ name, shared, settings }: DesiredStream, running: StreamInfo): readonly Danger[] {
  const from = running.settings.replicas;
  // Who shares a stream does not decide how often it is stored.
  if (shared === true || settings.replicas >= from) return [];
  const says =
    `it would be stored on ${settings.replicas} instead of ${from} servers: whoever loses ${settings.replicas === 1 ? "that one" : "some of them"} loses what ${name} holds. ` +
    "Name the server of the contract that this is (--server), when another one was meant.";
  return [{ kind: "replicas", says }];
}

/** Only an event of several live versions is published in batches. */
function withoutBatches({ settings }: DesiredStream, running: StreamInfo, topology: Topology): readonly Danger[] {
  if (settings.atomicBatches || !running.settings.atomicBatches) return [];
  const live = topology.messages.filter(({ subject }) => settings.subjects.includes(subject));
  const twice = live.filter(({ channel }, place) => live.findIndex((other) => other.channel === channel) !== place);
  const events = [...new Set(twice.map(({ event }) => event))];
  if (events.length === 0) return [];
  const says =
    `atomic batches would be off, and ${events.join(", ")} has several versions: a publisher that runs with ATOMIC_BATCHES=on stores them one after the other from then on, ` +
    "and one that is killed between two leaves half of a fact until its outbox goes on. Set ATOMIC_BATCHES=off on the publishers first, or name the server of the contract that this is (--server).";
  return [{ kind: "batches", says }];
}

function dropsOld({ settings }: DesiredStream, { settings: running }: StreamInfo): readonly Danger[] {
  const limits = [
    ...(running.maxMessages > 0 ? [`${running.maxMessages} messages`] : []),
    ...(running.maxBytes > 0 ? [`${running.maxBytes} bytes`] : []),
  ];
  if (settings.discard === running.discard || limits.length === 0) return [];
  const says =
    `somebody limited it to ${limits.join(" and ")}, and a full stream would drop its oldest messages, read or not, instead of refusing new ones. ` +
    "Take the limit away first (nats stream edit).";
  return [{ kind: "discard", says }];
}
