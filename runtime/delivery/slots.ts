/** A bounded number of things that may happen at once. */

/** Gives a slot back. Calling it again does nothing. */
export type ReleaseSlot = () => void;

/** A semaphore: first come, first served. */
export interface Slots {
  /** A slot as soon as one is free; undefined when the signal aborts before. */
  take(signal: AbortSignal): Promise<ReleaseSlot | undefined>;
}

/** A semaphore of `size` slots. */
export function createSlots(size: number): Slots {
  let free = size;
  const waiting: Array<(release: ReleaseSlot) => void> = [];

  const hand = (): ReleaseSlot => {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next(hand());
    };
  };

  return {
    async take(signal) {
      if (signal.aborted) return undefined;
      if (free > 0) {
        free -= 1;
        return hand();
      }
      return new Promise((resolve) => {
        const given = (release: ReleaseSlot): void => {
          signal.removeEventListener("abort", aborted);
          resolve(release);
        };
        const aborted = (): void => {
          waiting.splice(waiting.indexOf(given), 1);
          resolve(undefined);
        };
        signal.addEventListener("abort", aborted, { once: true });
        waiting.push(given);
      });
    },
  };
}
