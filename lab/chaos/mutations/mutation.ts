/** A defect that is made on purpose, and what has to notice it. */

/** One passage of a file, and what stands there instead. */
export interface Change {
  /** From the root. */
  readonly file: string;
  /** Occurs once. */
  readonly from: string;
  readonly to: string;
}

/** A run of chaos; it has to end with FAIL. */
export interface ByChaos {
  readonly kind: "chaos";
  readonly seed: number;
  readonly minutes: number;
  readonly only: string;
  /** Invariants of which at least one must be named as broken. */
  readonly breaks: readonly string[];
}

/** Tests, of which at least one has to fail. */
export interface ByTests {
  readonly kind: "tests";
  readonly file: string;
  /** A part of the names of the tests to run; all of the file when absent. */
  readonly named?: string;
}

export interface Mutation {
  readonly name: string;
  /** What is broken, in words. */
  readonly says: string;
  readonly changes: readonly Change[];
  readonly caughtBy: ByChaos | ByTests;
}

/**
 * The text of a file with a change.
 *
 * @throws when the passage does not occur exactly once: the code has moved, and the mutation must follow
 */
export function changed(text: string, { file, from, to }: Change): string {
  const [before, after, ...more] = text.split(from);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(
      `${file} has ${text.split(from).length - 1} times what a mutation changes, and must have it once: ${from}`,
    );
  return before + to + after;
}
