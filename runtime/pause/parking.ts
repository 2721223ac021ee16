/** Deliveries that wait for the end of an outage: one goes first, the others follow when it has found the way free. */

/** Leave to run again. */
export interface Turn {
  /** Call it when the run is over, however it ended. */
  over(): void;
}

/** A turn that nobody waits for. */
export const FREE: Turn = { over: () => undefined };

/** Those who wait, in the order in which they came. */
export class Parking {
  readonly #waiting: ((turn: Turn) => void)[] = [];
  #sent = 0;

  get size(): number {
    return this.#waiting.length;
  }

  /** Those who wait, and the one that was sent. */
  get inHand(): number {
    return this.#waiting.length + this.#sent;
  }

  /** Waits from the moment of the call. Resolves with a turn, also when the signal aborts. */
  async park(stopping: AbortSignal): Promise<Turn> {
    return new Promise((resolve) => {
      const go = (turn: Turn): void => {
        stopping.removeEventListener("abort", leave);
        resolve(turn);
      };
      const leave = (): void => {
        const place = this.#waiting.indexOf(go);
        if (place >= 0) this.#waiting.splice(place, 1);
        resolve(FREE);
      };
      if (stopping.aborted) return resolve(FREE);
      stopping.addEventListener("abort", leave, { once: true });
      this.#waiting.push(go);
    });
  }

  /**
   * Lets the one that has waited longest run, and resolves when its run is over. If it fails it parks again
   * behind the others: one message that cannot succeed does not decide for all of them.
   */
  async sendOne(): Promise<void> {
    const go = this.#waiting.shift();
    if (go === undefined) return;
    this.#sent += 1;
    await new Promise<void>((resolve) => go({ over: resolve }));
    this.#sent -= 1;
  }

  /** Lets everybody run. */
  openAll(): void {
    for (const go of this.#waiting.splice(0)) go(FREE);
  }
}
