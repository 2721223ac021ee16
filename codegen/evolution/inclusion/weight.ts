import { isObject } from "./json.ts";

/** The heaviest value that is worth showing; a heavier one cannot be checked quickly either. */
const HEAVIEST = 20_000;

/** Weighs values that may share parts, each part once. */
export class Scales {
  readonly #known = new WeakMap<object, number>();

  /** Whether a value has too many parts, counting a shared part as often as it would be written. */
  isTooHeavy(value: unknown): boolean {
    return this.#weigh(value) > HEAVIEST;
  }

  #weigh(value: unknown): number {
    if (typeof value === "string") return 1 + value.length / 16;
    if (typeof value !== "object" || value === null) return 1;
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const parts = isObject(value) ? Object.values(value) : Array.isArray(value) ? value : [];
    const weight = parts.reduce<number>((sum, part) => sum + this.#weigh(part), 1);
    this.#known.set(value, weight);
    return weight;
  }
}
