/** How many requests one client may send: a rate, and as many at once as two seconds of it. */

/** Remembers when each client may send again. */
export interface RateLimit {
  /** Takes a request of a client: 0 when it may come in, else the seconds until one may. */
  take(client: string): number;
}

const BURST_MS = 2_000;
/** Those that came last are remembered: strangers must not fill the memory. */
const MOST_CLIENTS = 10_000;

/**
 * A limit by the generic cell rate algorithm: one number for each client, and no timers.
 *
 * @param perSecond requests of one client; 0 lets everybody in
 * @param now milliseconds of a clock that never goes back
 */
export function createRateLimit(perSecond: number, now: () => number = () => performance.now()): RateLimit {
  if (perSecond === 0) return { take: () => 0 };
  const interval = 1_000 / perSecond;
  /** When the requests of a client so far would be over, had they come evenly. The longest unheard of is first. */
  const dueBy = new Map<string, number>();
  return {
    take(client) {
      const time = now();
      const due = Math.max(time, dueBy.get(client) ?? time) + interval;
      // With less than one request in two seconds, one at a time.
      const waitMs = due - time - Math.max(BURST_MS, interval);
      if (waitMs > 0) return Math.ceil(waitMs / 1_000);
      dueBy.delete(client);
      dueBy.set(client, due);
      const [oldest] = dueBy.keys();
      if (dueBy.size > MOST_CLIENTS && oldest !== undefined) dueBy.delete(oldest);
      return 0;
    },
  };
}
