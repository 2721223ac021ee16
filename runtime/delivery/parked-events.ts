/** Events that wait in the database for the turn of their key, and their way back onto the stream. */
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "pino";
import { type Broker, replaySubjectOf } from "../broker.ts";
import type { SubscriptionDescriptor } from "../descriptors.ts";
import { skipTo } from "../postgres/key-order.ts";
import {
  countParked,
  firstOfLine,
  firstOfLines,
  noteRelease,
  readParked,
  takeReleaseBack,
  unpark,
  type FirstOfLine,
  type LinePlace,
  type ParkedCount,
} from "../postgres/parked-rows.ts";
import type { Queryable } from "../postgres/database.ts";

/** What parked events are released with. */
export interface ParkedEventsOptions {
  readonly service: string;
  readonly broker: Pick<Broker, "publish" | "settledUpTo">;
  /** Rejects with `DATABASE_DOWN`. */
  readonly database: Queryable;
  readonly subscriptions: readonly SubscriptionDescriptor[];
  readonly log: Logger;
  readonly stopping: AbortSignal;
}

/** The parked events of one service, as one of its processes looks after them. */
export interface ParkedEvents {
  /** Says that the turn of a key's first parked event may have come. */
  release(event: string, key: string): void;
  /** How much is parked, of each event; undefined when the database does not answer. */
  count(): Promise<readonly ParkedCount[] | undefined>;
  /** Resolves, after the signal, when nothing is under way any more. Never rejects. */
  readonly stopped: Promise<void>;
}

const INTERVAL_MS = 1_000;
/** Where nothing is read in order, only what an earlier release parked is there to be found. */
const IDLE_INTERVAL_MS = 30_000;
const LINES_AT_ONCE = 200;
/** An event is missed no sooner: a durable learns of what is stored a moment later than others do. */
const MISSED_AFTER_MS = 2_000;

/**
 * Releases what is parked: the first of a key's line is published to the replay subject of the durable that parked it,
 * and so is delivered, retried, held and given up like any other event. Its row stays until it is applied or given up,
 * so that nothing behind it is taken for the first.
 *
 * It is released when the event before it is applied, when a dead letter before it is discarded, and by a loop for
 * what a crash interrupted. The loop also gives up waiting for an event that never comes: one that is older than what
 * its stream keeps, that was published without the version that is read, or whose dead letter names no key.
 *
 * Where the contract asks for order no more, what is left is released one after the other, whatever stands before it.
 */
export function watchParkedEvents(options: ParkedEventsOptions): ParkedEvents {
  const { service, broker, database, subscriptions, log, stopping } = options;
  const durables = new Map(subscriptions.map(({ event, durables: all }) => [event.name, all.map(({ name }) => name)]));
  const replaySubjects = new Map(
    subscriptions.flatMap(({ durables: all }) => all.map((durable) => [durable.name, replaySubjectOf(durable)])),
  );
  const ordered = new Set(subscriptions.filter(({ orderedByKey }) => orderedByKey).map(({ event }) => event.name));
  const underWay = new Set<Promise<unknown>>();
  /** Lines whose durable this release does not have: said once. */
  const orphans = new Set<string>();

  const look = async (first: FirstOfLine): Promise<void> => {
    if (first.applied) {
      await unpark(database, service, first);
      return release(first.event, first.key);
    }
    if (durables.get(first.event)?.includes(first.durable) !== true) return orphan(first);
    if (first.releasedSequence !== undefined) return checkRelease(first, first.releasedSequence);
    if (ordered.has(first.event) && !(await hasTurn(first))) return;
    await publish(first);
  };

  const hasTurn = async (first: FirstOfLine): Promise<boolean> => {
    if (first.blocked) return false;
    if (first.previous === undefined || first.previous <= first.reached) return true;
    return skipMissed(first, first.previous);
  };

  const publish = async (first: FirstOfLine): Promise<void> => {
    const parked = await readParked(database, service, first);
    if (parked === undefined) return;
    // Two who release it at once use the same id, for the message and for the dead letter that may come of it.
    const id = `parked:${first.parking}:${first.releases + 1}`;
    const headers = { "replay-id": id, ...parked.headers };
    const subject = replaySubjects.get(first.durable) ?? replaySubjectOf({ name: first.durable });
    const message = { subject, data: parked.data, headers, messageId: id };
    const { sequence } = await broker.publish(message);
    await noteRelease(database, service, first, sequence);
    log.info({ eventId: first.eventId, event: first.event, sequence }, "its turn has come: released");
  };

  /** A release that the stream lost: nobody has it in hand, nobody applied it, nobody gave it up. */
  const checkRelease = async (first: FirstOfLine, releasedSequence: number): Promise<void> => {
    if (first.ageMs < MISSED_AFTER_MS) return;
    if ((await broker.settledUpTo(first.stream, first.durable)) < releasedSequence) return;
    await takeReleaseBack(database, service, first);
  };

  const skipMissed = async (first: FirstOfLine, previous: number): Promise<boolean> => {
    if (first.ageMs < MISSED_AFTER_MS) return false;
    for (const durable of durables.get(first.event) ?? []) {
      if ((await broker.settledUpTo(first.stream, durable)) < first.streamSequence - 1) return false;
    }
    if (!(await skipTo(database, { service, event: first.event, key: first.key }, previous))) return false;
    log.warn(
      { eventId: first.eventId, event: first.event, reached: first.reached, missed: previous },
      "nothing that is left to read comes before this event: it goes on without the one before it",
    );
    return true;
  };

  const orphan = ({ event, durable, eventId }: FirstOfLine): void => {
    if (orphans.has(durable)) return;
    orphans.add(durable);
    log.error(
      { event, durable, eventId },
      "an event is parked for a durable that this release does not read; it stays until a release reads it again",
    );
  };

  /** Answers what the work does; undefined when it cannot be done now. */
  const during = async <R>(work: Promise<R>): Promise<R | undefined> => {
    const guarded = work
      .catch((error: unknown) => {
        if (!stopping.aborted) log.warn({ err: error }, "parked events cannot be looked after now");
        return undefined;
      })
      .finally(() => underWay.delete(guarded));
    underWay.add(guarded);
    return guarded;
  };

  /** Looks at the first of each key; answers how many there are. */
  const walk = async (): Promise<number> => {
    let found = 0;
    let after: LinePlace | undefined;
    do {
      const lines = await firstOfLines(database, service, after, LINES_AT_ONCE);
      for (const first of lines) {
        if (stopping.aborted) return found;
        await look(first);
      }
      found += lines.length;
      after = lines.length < LINES_AT_ONCE ? undefined : lines.at(-1);
    } while (after !== undefined);
    return found;
  };

  const loop = async (): Promise<void> => {
    while (!stopping.aborted) {
      const found = await during(walk());
      const idle = ordered.size === 0 && found === 0;
      await pause(idle ? IDLE_INTERVAL_MS : INTERVAL_MS, undefined, { signal: stopping }).catch(() => undefined);
    }
    await Promise.all(underWay);
  };

  function release(event: string, key: string): void {
    void during(
      firstOfLine(database, { service, event, key }).then(async (first) => {
        if (first !== undefined) await look(first);
      }),
    );
  }

  return {
    release,
    async count() {
      try {
        const counted = await countParked(database, service);
        const none = [...ordered].map((event) => ({ event, parked: 0, oldestAgeSeconds: 0 }));
        return [...none.filter(({ event }) => !counted.some((one) => one.event === event)), ...counted];
      } catch {
        return undefined;
      }
    },
    stopped: loop(),
  };
}
