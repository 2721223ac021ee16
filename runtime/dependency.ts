/** Another system that a service calls: behind a timeout, retries and a circuit breaker. */
import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
} from "cockatiel";
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
  /** How long an open breaker refuses everything, before it lets one attempt through. */
  readonly halfOpenAfterMs: number;
}

/** A dependency with its breaker. One for each remote system and process, shared by all its callers. */
export interface Dependency {
  readonly name: string;
  readonly state: BreakerState;
  /** Why the last attempt failed, in words; undefined while none did. */
  readonly lastFailure: string | undefined;
  /**
   * Calls the dependency. `attempt` runs once or, after a failure, again: it must be safe to repeat. Its
   * signal aborts when the attempt has taken too long.
   *
   * A failure counts against the dependency unless its class is `permanent` or `invalid`: throw a
   * `PermanentError` for an answer that is an answer, such as a refusal.
   *
   * @throws `DEPENDENCY_DOWN` when the breaker is open, or opens because of this call: a delivery that
   *   meets it is kept in hand and run again; `DEPENDENCY_TIMEOUT`; otherwise what the last attempt threw
   */
  call<R>(attempt: (signal: AbortSignal) => Promise<R>, signal?: AbortSignal): Promise<R>;
}

const FIRST_RETRY_DELAY_MS = 100;
const LONGEST_RETRY_DELAY_MS = 2_000;

/** Makes a dependency. Its name is a label of metrics: a constant, not something computed. */
export function createDependency(name: string, options: DependencyOptions): Dependency {
  const failures = handleWhen((error) => !["permanent", "invalid"].includes(classify(error)));
  const breaker = circuitBreaker(failures, {
    breaker: new ConsecutiveBreaker(options.breakAfter),
    halfOpenAfter: options.halfOpenAfterMs,
  });
  // Retries are outside the breaker, so that each attempt counts; an open breaker ends them.
  const retries = retry(
    handleWhen((error) => failures.options.errorFilter(error) && !(error instanceof BrokenCircuitError)),
    {
      maxAttempts: options.retries,
      backoff: new ExponentialBackoff({ initialDelay: FIRST_RETRY_DELAY_MS, maxDelay: LONGEST_RETRY_DELAY_MS }),
    },
  );
  // Aggressive: an attempt that ignores its signal is left behind.
  const policy = wrap(retries, breaker, timeout(options.timeoutMs, TimeoutStrategy.Aggressive));

  return {
    name,
    get state() {
      return stateOf(breaker.state);
    },
    get lastFailure() {
      const failure = breaker.lastFailure;
      return failure !== undefined && "error" in failure ? wordsOf(failure.error) : undefined;
    },
    async call(attempt, signal) {
      try {
        return await policy.execute(async (context) => unlessTimedOut(context.signal, attempt), signal);
      } catch (error) {
        if (!failures.options.errorFilter(error)) throw error;
        if (stateOf(breaker.state) !== "closed") {
          const why = error instanceof BrokenCircuitError ? (this.lastFailure ?? "it failed before") : wordsOf(error);
          throw new TandemError("DEPENDENCY_DOWN", `${name} is left alone for a while: ${why}`, { cause: error });
        }
        throw error instanceof TaskCancelledError ? timedOut(error) : error;
      }
    },
  };

  /** An attempt that gives up when it is told to may do so before the timeout itself is reported. */
  async function unlessTimedOut<R>(limit: AbortSignal, attempt: (signal: AbortSignal) => Promise<R>): Promise<R> {
    try {
      return await attempt(limit);
    } catch (error) {
      throw limit.aborted ? timedOut(error) : error;
    }
  }

  function timedOut(cause: unknown): TandemError {
    return new TandemError("DEPENDENCY_TIMEOUT", `${name} did not answer within ${options.timeoutMs} ms.`, { cause });
  }
}

function stateOf(state: CircuitState): BreakerState {
  if (state === CircuitState.Closed) return "closed";
  return state === CircuitState.HalfOpen ? "half_open" : "open";
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
