/** Deliveries that wait in hand for the turn of their key: mostly the event before them is running beside them. */
import { setTimeout as pause } from "node:timers/promises";

/** The waiting deliveries of one process. */
export interface KeyWaiting {
  /**
   * Resolves after a delay that grows with the round, or sooner: when something of the key ended in this process and
   * nobody waits for it with a lower sequence, or when the signal aborts.
   */
  wait(key: string, sequence: number | undefined, round: number, signal: AbortSignal): Promise<void>;
  /** Says that something of the key ended. */
  ended(key: string): void;
}

interface Waiter {
  readonly sequence: number;
  readonly wake: AbortController;
}

const FIRST_DELAY_MS = 10;
/** Rounds before a delivery gives its place to others: 0.6 s, by the machine's time whatever a service lives by. */
export const ROUNDS_IN_HAND = 6;

/** One for all subscriptions of a process. */
export function createKeyWaiting(): KeyWaiting {
  const waiting = new Map<string, Set<Waiter>>();

  return {
    async wait(key, sequence = Number.POSITIVE_INFINITY, round, signal) {
      const waiter: Waiter = { sequence, wake: new AbortController() };
      const line = waiting.get(key) ?? new Set();
      waiting.set(key, line.add(waiter));
      try {
        const woken = AbortSignal.any([waiter.wake.signal, signal]);
        await pause(FIRST_DELAY_MS * 2 ** Math.min(round, ROUNDS_IN_HAND - 1), undefined, { signal: woken });
      } catch {
        // Woken.
      } finally {
        line.delete(waiter);
        if (line.size === 0) waiting.delete(key);
      }
    },
    ended(key) {
      const [first, ...others] = waiting.get(key) ?? [];
      if (first === undefined) return;
      others.reduce((least, one) => (one.sequence < least.sequence ? one : least), first).wake.abort();
    },
  };
}
