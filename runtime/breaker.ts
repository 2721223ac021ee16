/** A circuit breaker that goes by the service's clock, and that asks before it tries again. */
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen, type CircuitBreakerPolicy } from "cockatiel";
import { systemClock, type Clock } from "./clock.ts";
import { DependencyDownError } from "./dependency-down.ts";
import type { BreakerState } from "./metrics.ts";

/** What a guard answers when a breaker's time has come: try, or it is known how that would end. */
export type TryAnswer = "try" | "closed" | { readonly until: number };

/** Who speaks for the other processes of the service. Its methods must not throw, `mayTry` aside. */
export interface BreakerGuard {
  /** The breaker opened, or a try failed: open until `breaker.until`. Not called for what it was told. */
  opened(): void;
  /** A try succeeded, or it was told of one. */
  closed(): void;
  /** Whether this process may try now. Rejects when that cannot be found out. */
  mayTry(): Promise<TryAnswer>;
}

/** What a breaker is made of. Times in milliseconds. */
export interface BreakerOptions {
  readonly breakAfter: number;
  readonly halfOpenAfterMs: number;
  /** A try takes no longer. */
  readonly timeoutMs: number;
  /** Which errors count against the dependency. */
  readonly counts: (error: unknown) => boolean;
}

/**
 * The breaker of one dependency in one process. The states are cockatiel's; when an open one may be tried
 * is decided here, because cockatiel knows the machine's time only, and this process only.
 */
export class Breaker {
  readonly name: string;
  readonly timeoutMs: number;
  readonly windowMs: number;
  readonly #policy: CircuitBreakerPolicy;
  readonly #breakAfter: number;
  #clock: Clock | undefined;
  #guard: BreakerGuard | undefined;
  #since = 0;
  #until = 0;
  #trying = false;
  /** True while it changes because of what others found out. */
  #told = false;

  constructor(name: string, options: BreakerOptions, clock?: Clock) {
    this.name = name;
    this.timeoutMs = options.timeoutMs;
    this.windowMs = options.halfOpenAfterMs;
    this.#breakAfter = options.breakAfter;
    this.#clock = clock;
    this.#policy = circuitBreaker(handleWhen(options.counts), {
      breaker: new ConsecutiveBreaker(options.breakAfter),
      // Always over, even when the machine's clock goes back: the gate below has the say.
      halfOpenAfter: Number.NEGATIVE_INFINITY,
    });
    this.#policy.onBreak(() => this.#opened());
    this.#policy.onReset(() => this.#guard?.closed());
  }

  get state(): BreakerState {
    if (this.#policy.state === CircuitState.Closed) return "closed";
    return this.#trying ? "half_open" : "open";
  }

  /** Since when it has been open. Means nothing while it is closed. */
  get since(): number {
    return this.#since;
  }

  /** Until when nobody tries. Means nothing while it is closed. */
  get until(): number {
    return this.#until;
  }

  /** Why the last attempt failed, in words; undefined while none did. */
  get lastFailure(): string | undefined {
    const failure = this.#policy.lastFailure;
    if (failure === undefined || !("error" in failure)) return undefined;
    return failure.error instanceof Error ? failure.error.message : String(failure.error);
  }

  /** The time it goes by from now on, unless it was made with one. */
  follow(clock: Clock): void {
    this.#clock ??= clock;
  }

  /** Sets who is asked and told. The first one stays. */
  guardWith(guard: BreakerGuard): void {
    this.#guard ??= guard;
  }

  /**
   * Runs an attempt if the breaker lets it through.
   *
   * @throws `DependencyDownError` when it does not; what the guard rejects with; what the attempt throws
   */
  async run<R>(attempt: (signal: AbortSignal) => Promise<R>, signal?: AbortSignal): Promise<R> {
    const through = async (): Promise<R> => this.#policy.execute(async (context) => attempt(context.signal), signal);
    if (this.state === "closed") return through();
    if (this.#trying || this.#now() < this.#until) throw new DependencyDownError(this);
    this.#trying = true;
    try {
      const answer = (await this.#guard?.mayTry()) ?? "try";
      if (answer === "closed") await this.hearClosed();
      else if (answer !== "try") {
        this.#until = answer.until;
        throw new DependencyDownError(this);
      }
      return await through();
    } finally {
      this.#trying = false;
    }
  }

  /** Another process found the dependency down, or still down. */
  async hearOpen(until: number, why: string): Promise<void> {
    if (this.state === "closed") {
      this.#told = true;
      const heard = new Error(why);
      // Failures that others had count like its own; a success of its own in between keeps it closed.
      for (let failure = 0; failure < this.#breakAfter; failure += 1)
        await this.#policy.execute(async () => Promise.reject(heard)).catch(() => undefined);
      this.#told = false;
    }
    this.#until = until;
  }

  /** Another process found the dependency well again. A try under way here is left to its own end. */
  async hearClosed(): Promise<void> {
    // An open breaker closes by a success, and this one somebody else had.
    if (this.#policy.state === CircuitState.Open) await this.#policy.execute(async () => undefined);
  }

  #opened(): void {
    const now = this.#now();
    if (!this.#trying) this.#since = now;
    this.#until = now + this.windowMs;
    if (!this.#told) this.#guard?.opened();
  }

  #now(): number {
    return (this.#clock ?? systemClock).now();
  }
}
