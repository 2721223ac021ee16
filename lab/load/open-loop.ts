/** Requests at a steady rate, whatever becomes of the earlier ones. */

/** When requests are sent, and what sends them. Times in milliseconds. */
export interface OpenLoopOptions<Outcome> {
  /** Requests for each second. */
  readonly rate: number;
  /** Requests in all. */
  readonly count: number;
  /** Sends one, which was to start at `intendedAt` of `now`. When it rejects no more is sent, and the whole rejects. */
  readonly send: (index: number, intendedAt: number) => Promise<Outcome>;
  readonly onDone: (index: number, latencyMs: number, outcome: Outcome) => void;
  /** A clock that only goes forward. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Aborting it sends no more; those on their way are waited for. */
  readonly signal?: AbortSignal;
}

/**
 * Sends them, and resolves when all are answered.
 *
 * A request that starts late, because this process or the machine was busy, is not moved: its latency is measured from
 * when it was to start. So a system that stands still for a second is seen to by everybody who would have come in that
 * second, and not only by who was waiting (coordinated omission).
 */
export async function openLoop<Outcome>(options: OpenLoopOptions<Outcome>): Promise<void> {
  const { rate, count, send, onDone, now, sleep, signal } = options;
  const start = now();
  const underWay: Promise<void>[] = [];
  const failures: unknown[] = [];
  for (let index = 0; index < count; index += 1) {
    const intendedAt = start + (index * 1_000) / rate;
    for (let left = intendedAt - now(); left > 0; left = intendedAt - now()) {
      if (signal?.aborted === true) break;
      await sleep(left);
    }
    if (signal?.aborted === true || failures.length > 0) break;
    underWay.push(
      send(index, intendedAt).then(
        (outcome) => onDone(index, now() - intendedAt, outcome),
        (error: unknown) => void failures.push(error),
      ),
    );
  }
  await Promise.all(underWay);
  if (failures.length > 0) throw failures[0];
}
