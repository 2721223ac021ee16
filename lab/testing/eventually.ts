import { setTimeout as delay } from "node:timers/promises";
import { reasonOf } from "../servers/lab-error.ts";

/** How long to go on asking. */
export interface EventuallyOptions {
  /** A minute when absent: a busy machine is not a failure. */
  readonly deadlineMs?: number;
  /** Between two checks; 20 ms when absent. */
  readonly intervalMs?: number;
}

/**
 * Asks again and again until `check` neither throws nor returns `false`, and returns what it returned. At the
 * deadline, also when a check does not come back, it rejects with what the last check that came back said.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<Exclude<T, false>> {
  const { deadlineMs = 60_000, intervalMs = 20 } = options;
  const deadline = performance.now() + deadlineMs;
  let last: unknown = new Error("no check has come back");
  for (let checks = 1; ; checks++) {
    try {
      const result = await beforeDeadline(check, Math.max(0, deadline - performance.now()), last);
      if (isTrue(result)) return result;
      last = new Error("the check returned false");
    } catch (error) {
      last = error;
    }
    if (performance.now() + intervalMs > deadline) {
      throw new Error(`Not within ${deadlineMs} ms (checks: ${checks}). The last one: ${reasonOf(last)}`, {
        cause: last,
      });
    }
    await delay(intervalMs);
  }
}

function isTrue<T>(result: T): result is Exclude<T, false> {
  return result !== false;
}

async function beforeDeadline<T>(check: () => T | Promise<T>, leftMs: number, last: unknown): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(last), leftMs);
  try {
    return await Promise.race([check(), late]);
  } finally {
    clearTimeout(timer);
  }
}
