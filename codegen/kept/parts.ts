/**
 * Parts of generated code by a digest of everything that they are made from, so that what did not change is not made
 * again. What makes a part asks for it first and hands it in when it is not there.
 */
import { digest } from "./fingerprint.ts";

/** A part as it is kept. */
export type Part = Readonly<Record<string, unknown>>;

/** The key of a part: what makes it, and everything that it is made from. */
export function keyOf(maker: string, ...madeFrom: readonly unknown[]): string {
  return digest(JSON.stringify([maker, ...madeFrom]));
}

export class Parts {
  #known: Map<string, Part>;
  #used = new Map<string, Part>();
  #isNew = false;

  constructor(known: Iterable<readonly [key: string, part: Part]> = []) {
    this.#known = new Map(known);
  }

  /** A part that was made before. Nobody may change it. */
  find(key: string): Part | undefined {
    const part = this.#known.get(key);
    if (part !== undefined) this.#used.set(key, part);
    return part;
  }

  /** Hands in a part that was made. */
  put(key: string, part: Part): void {
    this.#known.set(key, part);
    this.#used.set(key, part);
    this.#isNew = true;
  }

  /**
   * Forgets what nobody has asked for since this was called before, so that parts never outgrow the contract.
   * @returns Whether there are others now than then.
   */
  settle(): boolean {
    const changed = this.#isNew || this.#used.size < this.#known.size;
    this.#known = this.#used;
    this.#used = new Map();
    this.#isNew = false;
    return changed;
  }

  entries(): readonly (readonly [key: string, part: Part])[] {
    return [...this.#known];
  }
}
