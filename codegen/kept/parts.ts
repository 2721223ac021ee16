/**
 * Parts of generated code by a digest of everything that they are made from, so that what did not change is not made
 * again. What makes a part asks for it first and hands it in when it is not there.
 */
import { digest } from "./fingerprint.ts";

/** A part as it is kept. */
export type Part = Readonly<Record<string, unknown>>;

/** A part with its key, and the keys of the parts that it was put together from. */
export type PartEntry = readonly [key: string, part: Part, of: readonly string[]];

/** The key of a part: what makes it, and everything that it is made from. */
export function keyOf(maker: string, ...madeFrom: readonly unknown[]): string {
  return digest(JSON.stringify([maker, ...madeFrom]));
}

export class Parts {
  #known: Map<string, PartEntry>;
  #used = new Map<string, PartEntry>();
  #isNew = false;
  /** The parts that were asked for since something began to be put together of them. */
  #asked: Set<string> | undefined;

  constructor(known: Iterable<PartEntry> = []) {
    this.#known = new Map([...known].map((entry) => [entry[0], entry]));
  }

  /** A part that was made before. Nobody may change it. */
  find(key: string): Part | undefined {
    this.#asked?.add(key);
    const entry = this.#known.get(key);
    if (entry === undefined) return undefined;
    this.#used.set(key, entry);
    // They are not needed now, but when the whole has to be put together anew.
    for (const inner of entry[2]) if (!this.#used.has(inner)) this.find(inner);
    return entry[1];
  }

  /** Hands in a part that was made. */
  put(key: string, part: Part): void {
    this.#keep([key, part, []]);
  }

  /** Makes a part and hands it in; the parts that are asked for meanwhile stay as long as it does. One at a time. */
  async putTogether<T extends Part>(key: string, make: () => Promise<T>): Promise<T> {
    if (this.#asked !== undefined) throw new Error("a part is being put together already");
    const asked = new Set<string>();
    this.#asked = asked;
    try {
      const made = await make();
      this.#keep([key, made, [...asked]]);
      return made;
    } finally {
      this.#asked = undefined;
    }
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

  entries(): readonly PartEntry[] {
    return [...this.#known.values()];
  }

  #keep(entry: PartEntry): void {
    this.#known.set(entry[0], entry);
    this.#used.set(entry[0], entry);
    this.#isNew = true;
  }
}
