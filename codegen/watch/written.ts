/** The output directory while a contract is watched: what is in it, and what was in it before the judge had spoken. */
import { type Comparison, compare, type Drift } from "../output/drift.ts";
import { readOutput, writeOutput } from "../output/output.ts";

export class Written {
  readonly #directory: string;
  #present: Map<string, string>;
  /** By path: what is to be put back when the judge refuses; undefined where there was nothing. */
  readonly #before = new Map<string, string | undefined>();

  private constructor(directory: string, present: ReadonlyMap<string, string>) {
    this.#directory = directory;
    this.#present = new Map(present);
  }

  static async in(directory: string): Promise<Written> {
    return new Written(directory, await readOutput(directory));
  }

  /** How many files differ from what they were when the judge last agreed. */
  get unconfirmed(): number {
    return this.#before.size;
  }

  /** Writes what differs, unless a file is in the way that was not generated. */
  write(files: ReadonlyMap<string, string>): Comparison {
    const comparison = compare(files, this.#present);
    if (comparison.foreign.length > 0) return comparison;
    for (const { path } of comparison.drift) {
      if (!this.#before.has(path)) this.#before.set(path, this.#present.get(path));
    }
    this.#apply(files, comparison.drift);
    return comparison;
  }

  /** Takes what is written for good, and looks at what others have done to the directory meanwhile. */
  async confirm(): Promise<void> {
    this.#before.clear();
    this.#present = new Map(await readOutput(this.#directory));
  }

  /** Puts back what was there when the judge last agreed. Returns how many files that were. */
  restore(): number {
    const count = this.#before.size;
    const files = new Map<string, string>();
    const drift: Drift[] = [];
    for (const [path, text] of this.#before) {
      if (text !== undefined) files.set(path, text);
      drift.push({ path, difference: text === undefined ? "stale" : "changed" });
    }
    this.#apply(files, drift);
    this.#before.clear();
    return count;
  }

  #apply(files: ReadonlyMap<string, string>, drift: readonly Drift[]): void {
    writeOutput(this.#directory, files, drift);
    for (const { path, difference } of drift) {
      if (difference === "stale") this.#present.delete(path);
      else this.#present.set(path, files.get(path) ?? "");
    }
  }
}
