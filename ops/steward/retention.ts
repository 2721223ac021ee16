/** How long the services remember, and the sweep that makes it so. */
import {
  retainHistory,
  sweepAttempts,
  type HistoryLimits,
  type RetainedHistory,
  type Store,
} from "@tandem/runtime/admin";
import { holdsDeadLetters } from "../dead-letter-stream.ts";
import { servicesOf, type Topology } from "../topology.ts";

/** What was done in the schema of one service. */
export interface RetainedService {
  readonly service: string;
  readonly done?: RetainedHistory & {
    /** Counts of runs that nobody touched for longer than a stream keeps its messages, and that are deleted. */
    readonly attempts: number;
  };
  /** Why it could not be done, in words. */
  readonly problem?: string;
}

const DAY_MS = 86_400_000;
/** What stands for a stream that keeps for ever: a hundred years. */
const FOR_EVER_MS = 36_500 * DAY_MS;

/**
 * The limits of a topology. An event may come as long as its stream keeps it, and after that once more out of the dead
 * letters: the inbox remembers for both together. What was published is remembered as long as the stream keeps it. One
 * day more is for clocks that differ.
 */
export function historyLimits(topology: Topology): HistoryLimits {
  const longest = (ages: readonly number[]): number =>
    Math.max(0, ...ages.map((maxAgeMs) => (maxAgeMs === 0 ? FOR_EVER_MS : maxAgeMs)));
  const agesOf = (deadLetters: boolean): readonly number[] =>
    topology.streams.filter((stream) => holdsDeadLetters(stream) === deadLetters).map(({ maxAgeMs }) => maxAgeMs);
  const [events, letters] = [longest(agesOf(false)), longest(agesOf(true))];
  return {
    publishedForMs: Math.min(FOR_EVER_MS, events + DAY_MS),
    inboxForMs: Math.min(FOR_EVER_MS, events + letters + DAY_MS),
  };
}

/** Makes weeks ahead, and drops weeks and counts of runs that nobody needs any more, in the schema of every service. Never rejects for one of them. */
export async function retain(
  store: Store,
  topology: Topology,
  now: number = Date.now(),
): Promise<readonly RetainedService[]> {
  const limits = historyLimits(topology);
  const retained: RetainedService[] = [];
  const there = await store.schemas();
  // A database may hold the services of another contract too, whose limits are others.
  for (const service of servicesOf(topology).filter((name) => there.includes(name))) {
    try {
      const history = await retainHistory(store.of(service), limits);
      const attempts = await sweepAttempts(store.of(service), new Date(now - limits.publishedForMs));
      retained.push({ service, done: { ...history, attempts } });
    } catch (error) {
      retained.push({ service, problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return retained;
}
