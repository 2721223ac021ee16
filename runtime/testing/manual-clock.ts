/** A clock that a test moves. */
import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../clock.ts";

/** Turns of the event loop that a woken task is given, so that what it does without input or output is done. */
const TURNS = 8;

interface Sleeper {
  readonly wakesAt: number;
  readonly wake: () => void;
}

/**
 * A clock that stands still but for `advance`. It begins at the time of the machine, because what is compared
 * with its time (rows of a database, certificates) lives there.
 */
export class ManualClock implements Clock {
  #now: number;
  /** In the order in which they wake: by time, then as they fell asleep. */
  readonly #sleepers: Sleeper[] = [];
  readonly #rests = new Set<() => Promise<void>>();
  #advancing: Promise<void> = Promise.resolve();

  constructor(startsAt: number = Date.now()) {
    this.#now = startsAt;
  }

  now(): number {
    return this.#now;
  }

  /** How many sleep at this moment. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return;
    // As a timer of no time does: not at once, but without the clock being moved.
    if (!(delayMs > 0)) return turn();
    const { promise, resolve } = Promise.withResolvers<void>();
    const sleeper: Sleeper = { wakesAt: this.#now + delayMs, wake: resolve };
    const later = this.#sleepers.findIndex(({ wakesAt }) => wakesAt > sleeper.wakesAt);
    this.#sleepers.splice(later < 0 ? this.#sleepers.length : later, 0, sleeper);
    const aborted = (): void => {
      const place = this.#sleepers.indexOf(sleeper);
      if (place >= 0) this.#sleepers.splice(place, 1);
      resolve();
    };
    signal?.addEventListener("abort", aborted, { once: true });
    await promise;
    signal?.removeEventListener("abort", aborted);
  }

  /**
   * Moves the time on and wakes, each at its own time, those whose time comes: also who falls asleep on the way
   * and wakes within it. Between two times it lets what was woken come to rest. Calls go one after the other.
   *
   * @throws what a rest throws; the clock stands where it was then
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && Number.isFinite(ms)))
      throw new RangeError(`A clock is advanced by 0 or more milliseconds, not ${ms}.`);
    const before = this.#advancing;
    const moved = before.then(() => this.#advance(ms));
    this.#advancing = moved.catch(() => undefined);
    return moved;
  }

  /** Has every `advance` wait, before the time goes on, until `rest` resolves. Returns what withdraws it. */
  whenMoved(rest: () => Promise<void>): () => void {
    this.#rests.add(rest);
    return () => void this.#rests.delete(rest);
  }

  async #advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      for (let turns = 0; turns < TURNS; turns += 1) await turn();
      for (const rest of this.#rests) await rest();
      const next = this.#sleepers[0];
      if (next === undefined || next.wakesAt > until) break;
      this.#now = Math.max(this.#now, next.wakesAt);
      while (this.#sleepers[0] !== undefined && this.#sleepers[0].wakesAt <= this.#now) {
        this.#sleepers.shift()?.wake();
        await turn();
      }
    }
    this.#now = until;
  }
}
