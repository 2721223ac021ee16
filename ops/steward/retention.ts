/** How long the services remember, and the sweep that makes it so. */
import { retainHistory, sweepAttempts, type RetainedHistory, type Store, wordsOf } from "@tandem/runtime/admin";
import { historyLimits } from "../retention.ts";
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

/** What stands for ever in a statement, which knows no such time: a hundred years. */
const FOR_EVER_MS = 36_500 * 86_400_000;

/** Makes weeks ahead, and drops weeks and counts of runs that nobody needs any more, in the schema of every service. Never rejects for one of them. */
export async function retain(
  store: Store,
  topology: Topology,
  now: number = Date.now(),
): Promise<readonly RetainedService[]> {
  const { inboxForMs, publishedForMs } = historyLimits(topology);
  const limits = {
    inboxForMs: Math.min(FOR_EVER_MS, inboxForMs),
    publishedForMs: Math.min(FOR_EVER_MS, publishedForMs),
  };
  const retained: RetainedService[] = [];
  const there = await store.schemas();
  // A database may hold the services of another contract too, whose limits are others.
  for (const service of servicesOf(topology).filter((name) => there.includes(name))) {
    try {
      const history = await retainHistory(store.of(service), limits);
      const attempts = await sweepAttempts(store.of(service), new Date(now - limits.publishedForMs));
      retained.push({ service, done: { ...history, attempts } });
    } catch (error) {
      retained.push({ service, problem: wordsOf(error) });
    }
  }
  return retained;
}
