import { setTimeout as delay } from "node:timers/promises";

/** Polls every few milliseconds until `check` gives something else than undefined; undefined at the deadline. */
export async function waitFor<T>(
  check: () => T | undefined | Promise<T | undefined>,
  { deadlineMs, intervalMs = 5 }: { readonly deadlineMs: number; readonly intervalMs?: number },
): Promise<T | undefined> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const found = await check();
    if (found !== undefined || performance.now() >= deadline) return found;
    await delay(intervalMs);
  }
}
