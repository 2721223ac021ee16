/** Randomness for tests. */

/** Chance that is the same for the same seed. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below the limit. */
  below(limit: number): number {
    // Mulberry32: unlike those of a linear congruential generator, its low bits are as good as its high ones.
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** Whether what happens once in so many times happens now. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of them. */
  pick<T>(items: readonly T[]): T {
    for (const item of items.slice(this.below(items.length))) return item;
    throw new RangeError("there is nothing to pick from");
  }

  /** Different ones, from `least` to `most` of them, in the order in which they stand. */
  some<T>(items: readonly T[], least: number, most: number): readonly T[] {
    const wanted = least + this.below(most - least + 1);
    const left = [...items.keys()];
    while (left.length > wanted) left.splice(this.below(left.length), 1);
    return left.flatMap((index) => items.slice(index, index + 1));
  }

  /** As many as are made, up to the limit. */
  list<T>(most: number, make: () => T, least = 0): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make);
  }
}
