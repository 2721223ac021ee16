/** The error of a call that met an open breaker. */
import type { Breaker } from "./breaker.ts";
import { TandemError } from "./errors.ts";

/** `DEPENDENCY_DOWN`, with which dependency it is and until when it is left alone. */
export class DependencyDownError extends TandemError {
  readonly dependency: string;
  /** When it is tried again, milliseconds since the epoch of the service's clock; past while somebody tries. */
  readonly until: number;
  readonly #breaker: Breaker;

  constructor(breaker: Breaker, options?: { cause?: unknown }) {
    const { name, until, lastFailure = "it failed before" } = breaker;
    super("DEPENDENCY_DOWN", `${name} is left alone until ${new Date(until).toISOString()}: ${lastFailure}`, options);
    this.dependency = name;
    this.until = until;
    this.#breaker = breaker;
  }

  /** The breaker that refused the call. */
  get breaker(): Breaker {
    return this.#breaker;
  }
}
