/** How long a failed delivery waits before its next attempt. */
import type { RetryPolicy } from "../descriptors.ts";

/** A number from 0 up to, not including, 1. */
export type Random = () => number;

/** With jitter a delay grows by up to half of itself, so that what failed together does not come back together. */
const JITTER = 0.5;

/**
 * The delay after the given attempt failed, in milliseconds. Computed here and sent with the negative
 * acknowledgement, because a bare one is delivered again at once and burns every attempt in a millisecond.
 *
 * @param attempt the runs so far, 1 or more
 */
export function retryDelay(policy: RetryPolicy, attempt: number, random: Random = Math.random): number {
  const growth = policy.strategy === "fixed" ? 1 : 2 ** Math.max(0, attempt - 1);
  const delay = Math.min(policy.maxDelayMs, policy.delayMs * growth);
  const extended = policy.jitter ? delay * (1 + JITTER * random()) : delay;
  return Math.round(Math.min(policy.maxDelayMs, extended));
}
