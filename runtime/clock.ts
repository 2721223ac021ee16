/** The time that a service lives in: its deadlines, delays and breakers follow it. */
import { setTimeout as pause } from "node:timers/promises";

/**
 * Tells the time, and waits. What the contract or a service promises in time goes by it, so that a test can move
 * it; what is about the wire (heartbeats, polls, reconnects) goes by real time.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves when so much time has passed, at once when the signal aborts. Never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (delayMs, signal) => {
    await pause(delayMs, undefined, { signal }).catch(() => undefined);
  },
};
