/** Another system that a service calls: behind a timeout, retries and a circuit breaker. */
import { ExponentialBackoff, handleWhen, retry, TaskCancelledError, timeout, TimeoutStrategy } from "cockatiel";
import { Breaker } from "./breaker.ts";
import type { Clock } from "./clock.ts";
import { DependencyDownError } from "./dependency-down.ts";
import { classify, TandemError } from "./errors.ts";
import type { BreakerState } from "./metrics.ts";

/** How patient a service is with a dependency. Times in milliseconds. */
export interface DependencyOptions {
  /** One attempt may take this long. */
  readonly timeoutMs: number;
  /** Further attempts of one call, after the first failed. */
  readonly retries: number;
  /** Failed attempts in a row that open the breaker. */
  readonly breakAfter: number;
  /** How long an open breaker refuses everything, before one attempt is let through, in one of all processes. */
  readonly halfOpenAfterMs: number;
}

/** A dependency with its breaker. One for each remote system and process, shared by all its callers. */
export interface Dependency {
  readonly name: string;
  readonly state: BreakerState;
  /** Why the last attempt failed, in words; undefined while none did. */
  readonly lastFailure: string | undefined;
  /** What the runtime steers it by. */
  readonly breaker: Breaker;
  /**
   * Calls the dependency. `attempt` runs once or, after a failure, again: it must be safe to repeat. Its
   * signal aborts when the attempt has taken too long.
   *
   * A failure counts against the dependency unless its class is `permanent` or `invalid`: throw a
   * `PermanentError` for an answer that is an answer, such as a refusal.
   *
   * @throws `DEPENDENCY_DOWN` (a `DependencyDownError`) when the breaker is open, or opens because of this
   *   call: a delivery that meets it is kept in hand and run again; `DEPENDENCY_TIMEOUT`; `DATABASE_DOWN` when
   *   it cannot be found out whether another process tries; otherwise what the last attempt threw
   */
  call<R>(attempt: (signal: AbortSignal) => Promise<R>, signal?: AbortSignal): Promise<R>;
}

const FIRST_RETRY_DELAY_MS = 100;
const LONGEST_RETRY_DELAY_MS = 2_000;

/**
 * Makes a dependency. Its name is a label of metrics: a constant, not something computed. Without a clock it
 * goes by that of the service that watches it, else by the machine's.
 */
export function createDependency(name: string, options: DependencyOptions, clock?: Clock): Dependency {
  const counts = (error: unknown): boolean => !["permanent", "invalid"].includes(classify(error));
  const breaker = new Breaker(name, { ...options, counts }, clock);
  // Retries are outside the breaker, so that each attempt counts; an open breaker ends them.
  const retries = retry(
    handleWhen((error) => classify(error) === "transient"),
    {
      maxAttempts: options.retries,
      backoff: new ExponentialBackoff({ initialDelay: FIRST_RETRY_DELAY_MS, maxDelay: LONGEST_RETRY_DELAY_MS }),
    },
  );
  // Aggressive: an attempt that ignores its signal is left behind.
  const limit = timeout(options.timeoutMs, TimeoutStrategy.Aggressive);

  return {
    name,
    breaker,
    get state() {
      return breaker.state;
    },
    get lastFailure() {
      return breaker.lastFailure;
    },
    async call(attempt, signal) {
      try {
        return await retries.execute(
          async (tries) =>
            breaker.run(
              async (given) => limit.execute(async (limited) => unlessTimedOut(limited.signal, attempt), given),
              tries.signal,
            ),
          signal,
        );
      } catch (error) {
        if (classify(error) !== "transient") throw error;
        if (breaker.state !== "closed") throw new DependencyDownError(breaker, { cause: error });
        throw error instanceof TaskCancelledError ? timedOut(error) : error;
      }
    },
  };

  /** An attempt that gives up when it is told to may do so before the timeout itself is reported. */
  async function unlessTimedOut<R>(limited: AbortSignal, attempt: (signal: AbortSignal) => Promise<R>): Promise<R> {
    try {
      return await attempt(limited);
    } catch (error) {
      throw limited.aborted ? timedOut(error) : error;
    }
  }

  function timedOut(cause: unknown): TandemError {
    return new TandemError("DEPENDENCY_TIMEOUT", `${name} did not answer within ${options.timeoutMs} ms.`, { cause });
  }
}
