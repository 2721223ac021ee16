/** What a service does while its database does not answer. */
import type { Clock } from "../clock.ts";
import { FREE, Parking, type Turn } from "./parking.ts";
import type { Pausing } from "./pausing.ts";

/** What it needs of its service. */
export interface DatabaseOutageOptions {
  readonly pausing: Pausing;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
}

const NAME = "PostgreSQL";
const FIRST_DELAY_MS = 250;
/** Short: it is what a recovery costs on top of the outage. */
const LONGEST_DELAY_MS = 2_000;
/** How long a try may take before the broker's durables are given free. */
const COVER_MS = 5_000;

/**
 * The same as for a dependency, but each process for itself: a lease would be in the database that is away. One
 * parked delivery at a time tries, which is one connection; when it is through, all follow.
 */
export class DatabaseOutage {
  readonly #options: DatabaseOutageOptions;
  readonly #parking = new Parking();
  readonly #members = new Set<string>();
  /** Runs that met it so far. */
  #met = 0;
  #following = false;

  constructor(options: DatabaseOutageOptions) {
    this.#options = options;
  }

  /** Waits until it makes sense to run again. */
  async wait(event: string): Promise<Turn> {
    const { stopping } = this.#options;
    if (stopping.aborted) return FREE;
    this.#met += 1;
    this.#members.add(event);
    const turn = this.#parking.park(stopping);
    if (!this.#following) {
      this.#following = true;
      void this.#follow();
    }
    return turn;
  }

  async #follow(): Promise<void> {
    const { clock, pausing, stopping } = this.#options;
    let met = 0;
    for (let round = 0; this.#parking.size > 0 && met !== this.#met; round += 1) {
      const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** round);
      // One broken connection is no outage: the broker hears of it when a second run has failed.
      if (round > 0) for (const event of this.#members) pausing.want(NAME, event, clock.now() + delayMs + COVER_MS);
      await clock.sleep(delayMs, stopping);
      met = this.#met;
      await this.#parking.sendOne();
    }
    this.#following = false;
    this.#parking.openAll();
    for (const event of this.#members) pausing.want(NAME, event, undefined);
    this.#members.clear();
  }
}
