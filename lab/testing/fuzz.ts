/** How many random inputs a property is tried with, and which: the same in every run unless the environment asks for others. */

const SEED = 20_260_102;
/** Milliseconds for one property; what is left of its inputs then, or of its search for a smaller counterexample, is left. */
const LIMIT_MS = 20_000;

const times = wholeNumber("FUZZ_RUNS") ?? 1;

/**
 * Parameters for fast-check's `assert`, which prints the seed with a counterexample. `FUZZ_SEED` tries other inputs,
 * `FUZZ_RUNS` that many times as many.
 *
 * @param runs how many inputs where the environment says nothing
 */
export function fuzzing(runs: number) {
  return {
    seed: wholeNumber("FUZZ_SEED") ?? SEED,
    numRuns: runs * times,
    interruptAfterTimeLimit: LIMIT_MS * times,
  };
}

/** How long a test with a property may take, milliseconds. */
export const FUZZ_TIMEOUT_MS = 3 * LIMIT_MS * times;

function wholeNumber(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`${name} must be a whole number, and is ${JSON.stringify(text)}.`);
  return value;
}
