/** What a running system shows of one event: its traffic by version, and who reads it. Everything is counted by the server. */
import type { Admin, DurableInfo } from "@tandem/runtime/admin";
import { METADATA } from "../provision/desired.ts";
import { filtersOf, overlap } from "../subjects.ts";

/** The event as the topology knows it. */
export interface ObservedEvent {
  readonly stream: string;
  readonly versions: readonly { readonly number: number; readonly subject: string }[];
}

/** What was published of one version. */
export interface Traffic {
  readonly version: number;
  /** Messages of the window, as a rate. */
  readonly perMinute: number;
  /** How many are stored. */
  readonly stored: number;
  /** Milliseconds since the epoch; undefined when none is stored. */
  readonly lastPublishedAt: number | undefined;
}

/** A consumer, durable or not, whose filters overlap a subject of the event. */
export interface Reader {
  readonly name: string;
  readonly durable: boolean;
  /** Whose it is, when it says so. */
  readonly service: string | undefined;
  /** Empty reads the whole stream. */
  readonly filters: readonly string[];
  /** The versions that it is handed. */
  readonly versions: readonly number[];
  /** Somebody waits for messages, took one within the last minute, or had it paused until something else is well again. */
  readonly live: boolean;
  readonly waitingPulls: number;
  readonly lag: number;
  /** When it was handed something last, milliseconds since the epoch; undefined when the server does not know. */
  readonly lastActiveAt: number | undefined;
  /** Since when it certainly took nothing; undefined while it is live, and when nothing shows it. */
  readonly idleSince: number | undefined;
}

export interface Observation {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The server that answered. */
  readonly server: string;
  /** Whether the stream exists. Without it there is neither traffic nor a reader. */
  readonly exists: boolean;
  readonly windowMinutes: number;
  readonly traffic: readonly Traffic[];
  readonly readers: readonly Reader[];
  /** Streams that copy this one, whose readers are not known here. */
  readonly copies: readonly string[];
}

/** Between two pulls a reader may have none that waits. */
const RECENTLY_MS = 60_000;

/** Asks the server; a few requests for each version and reader, whatever the stream holds. */
export async function observe(
  admin: Admin,
  event: ObservedEvent,
  { windowMinutes, now = Date.now() }: { readonly windowMinutes: number; readonly now?: number },
): Promise<Observation> {
  const { stream, versions } = event;
  const streams = await admin.streams();
  const seen = { at: now, server: admin.server.address, windowMinutes };
  const copies = streams.filter(({ copiesOf }) => copiesOf?.includes(stream)).map(({ name }) => name);
  if (streams.every(({ name }) => name !== stream)) return { ...seen, exists: false, traffic: [], readers: [], copies };
  const readers: Reader[] = [];
  // Before anything is counted: counting makes consumers of its own.
  for (const durable of await admin.durables(stream)) {
    const read = versions.filter(({ subject }) => filtersOf(durable).some((filter) => overlap(filter, subject)));
    if (read.length > 0)
      readers.push(
        await readerOf(
          admin,
          durable,
          read.map(({ number }) => number),
          now,
        ),
      );
  }
  const traffic: Traffic[] = [];
  for (const { number, subject } of versions) {
    const recent = await admin.countMessages(stream, subject, { since: now - windowMinutes * 60_000 });
    traffic.push({
      version: number,
      perMinute: recent / windowMinutes,
      stored: await admin.countMessages(stream, subject),
      lastPublishedAt: (await admin.lastMessage(stream, subject))?.storedAt,
    });
  }
  return { ...seen, exists: true, traffic, readers, copies };
}

async function readerOf(admin: Admin, info: DurableInfo, versions: readonly number[], now: number): Promise<Reader> {
  const { name, durable, settings, waitingPulls, pausedForMs, pending, ackPending, lastActiveAt, pushes } = info;
  const live =
    waitingPulls > 0 ||
    pausedForMs > 0 ||
    pushes === true ||
    (lastActiveAt !== undefined && now - lastActiveAt < RECENTLY_MS);
  return {
    name,
    durable,
    service: settings.metadata[METADATA.service],
    filters: settings.filterSubjects,
    versions,
    live,
    waitingPulls,
    lag: pending + ackPending,
    lastActiveAt,
    idleSince: live ? undefined : await idleSince(admin, info),
  };
}

/**
 * A message that lies there undelivered shows that nobody asked since it was stored. The server's own memory of the
 * last delivery shows the same with nothing left to deliver only if something could have been delivered since, so it
 * is not enough.
 */
async function idleSince(admin: Admin, durable: DurableInfo): Promise<number | undefined> {
  // A paused one is not handed anything, so what lies there shows nothing.
  if (durable.pending === 0 || durable.pausedForMs > 0) return undefined;
  const waiting = await Promise.all(
    filtersOf(durable).map((filter) => admin.nextMessage(durable.stream, filter, durable.deliveredSequence + 1)),
  );
  const times = waiting.flatMap((message) => message?.storedAt ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}
