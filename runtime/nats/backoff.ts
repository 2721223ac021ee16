/** How long to wait before the next attempt: exponential, with jitter, capped. */

/** The bounds of a growing delay. */
export interface Backoff {
  /** The longest first delay, milliseconds. */
  readonly baseMs: number;
  /** No delay is longer, milliseconds. */
  readonly capMs: number;
}

/** A number from 0 (included) to 1 (excluded), as `Math.random` gives it. */
export type Random = () => number;

/**
 * The delay before attempt `round` + 1, milliseconds: `baseMs` doubled once a round up to `capMs`, of
 * which at least half is waited and the rest is random, so that many clients do not return at once.
 */
export function backoffDelay(round: number, { baseMs, capMs }: Backoff, random: Random): number {
  // 2 ** 1024 is Infinity, and Infinity times a base of 0 would be NaN.
  const longest = Math.min(capMs, baseMs * 2 ** Math.min(round, 64));
  return Math.round(longest * (0.5 + random() * 0.5));
}

/**
 * The delay between dials of a client that has a pool of servers.
 *
 * The NATS client asks for its delay on every turn of its dial loop, many times for one dial, and
 * demands that the newest answer has passed since the last dial: a delay that grows when it is asked
 * for moves the dial out of reach. So `delayMs` only reads, and only `dialing`, called once a dial,
 * lets it grow, after each server of the pool has been tried once.
 */
export class DialPace {
  readonly #backoff: Backoff;
  readonly #random: Random;
  #dials = 0;
  #round = 0;
  #delayMs: number;

  constructor(backoff: Backoff, random: Random) {
    this.#backoff = backoff;
    this.#random = random;
    this.#delayMs = backoffDelay(0, backoff, random);
  }

  /** What must pass between two dials of one server, milliseconds. */
  get delayMs(): number {
    return this.#delayMs;
  }

  /** Rounds over the whole pool that have begun since the last `reset`. */
  get round(): number {
    return this.#round;
  }

  /** Counts one dial; true when it begins a new round over the pool. */
  dialing(poolSize: number): boolean {
    const beginsRound = this.#dials % Math.max(1, poolSize) === 0;
    this.#dials += 1;
    if (!beginsRound) return false;
    this.#delayMs = backoffDelay(this.#round, this.#backoff, this.#random);
    this.#round += 1;
    return true;
  }

  /** Starts over: the connection is up. */
  reset(): void {
    this.#dials = 0;
    this.#round = 0;
    this.#delayMs = backoffDelay(0, this.#backoff, this.#random);
  }
}
