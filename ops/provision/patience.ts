/** Tries again while servers are not there yet: who starts a whole system starts what provisions it with the rest. */
import { setTimeout as pause } from "node:timers/promises";
import { TandemError } from "@tandem/runtime";
import { OpsError } from "../error.ts";
import { UsageError } from "../usage-error.ts";
import { wordsOf } from "@tandem/runtime/admin";

const BETWEEN_TRIES_MS = 500;

export interface Patience {
  /** How long it may take, milliseconds; 0 for a single try. */
  readonly waitMs: number;
  /** Told of each problem once, not of each try. */
  readonly onProblem: (problem: string) => void;
  /** Milliseconds; a clock that only goes forward. */
  readonly now?: () => number;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/**
 * Answers what the first try answers that succeeds.
 * @throws what the last try threw, and at once what waiting does not mend: a refusal, a wrong setting, a wrong password
 */
export async function withPatience<T>(
  act: () => Promise<T>,
  { waitMs, onProblem, now = () => performance.now(), sleep = pause }: Patience,
): Promise<T> {
  const deadline = now() + waitMs;
  let told = "";
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (isLasting(error) || now() >= deadline) throw error;
      const problem = wordsOf(error);
      if (problem !== told) onProblem(problem);
      told = problem;
      await sleep(BETWEEN_TRIES_MS);
    }
  }
}

function isLasting(error: unknown): boolean {
  if (error instanceof OpsError || error instanceof UsageError) return true;
  if (error instanceof TandemError) return error.code === "CONFIG_INVALID" || error.code === "BROKER_TOO_OLD";
  // PostgreSQL's class of refused logins.
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^28\w{3}$/.test(code);
}
