/** Waiting with a limit. */

/** What `within` answers when the limit passed first. */
export const LATE: unique symbol = Symbol("late");

/**
 * What the work resolves to, or `LATE` when it takes longer than `limitMs`; the work goes on then, and
 * what becomes of it is nobody's concern.
 *
 * @throws what the work rejects with, before the limit
 */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T | typeof LATE> {
  const { promise: late, resolve } = Promise.withResolvers<typeof LATE>();
  const timer = setTimeout(resolve, limitMs, LATE);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
