/** For how long history is kept: what follows from the streams of a contract. */
import type { HistoryLimits } from "@tandem/runtime/admin";
import { holdsDeadLetters } from "./dead-letter-stream.ts";
import type { Topology, TopologyStream } from "./topology.ts";

const DAY_MS = 86_400_000;

/**
 * The limits of a topology. A fact must be remembered for as long as it may still be delivered: while its stream keeps
 * it, and then while its dead letter can be replayed. A published event must be kept for as long as its stream should
 * have it. A day more than that, so that no clock decides. Infinite where a stream keeps its messages for ever.
 */
export function historyLimits({ streams }: Topology): HistoryLimits {
  const events = longest(streams.filter((stream) => !holdsDeadLetters(stream)));
  const letters = longest(streams.filter(holdsDeadLetters));
  return { inboxForMs: events + letters + DAY_MS, publishedForMs: events + DAY_MS };
}

function longest(streams: readonly TopologyStream[]): number {
  return Math.max(0, ...streams.map(({ maxAgeMs }) => (maxAgeMs === 0 ? Number.POSITIVE_INFINITY : maxAgeMs)));
}
