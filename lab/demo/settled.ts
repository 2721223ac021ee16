/** Waits until a system has come to rest. */
import type { Admin } from "@tandem/runtime/admin";

const POLL_MS = 20;

/**
 * Waits until no durable of the streams has a message that is not settled: only then is a trace whole.
 *
 * @throws an error that names the durables that are still busy at the limit
 */
export async function settled(admin: Admin, streams: readonly string[], limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const durables = (await Promise.all(streams.map((stream) => admin.durables(stream)))).flat();
    const busy = durables.filter(({ pending, ackPending }) => pending + ackPending > 0);
    if (busy.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`Messages are unsettled after ${limitMs / 1_000} s: ${busy.map(({ name }) => name).join(", ")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
