/** How an event is delivered to a service. Times in milliseconds. */

/** To which instances of the service it is given. */
export type Priority =
  | { readonly policy: "prioritized" | "overflow" }
  | { readonly policy: "pinned"; readonly timeoutMs: number };

/** How often its handler runs, and how long to wait before each further run. */
export interface Retry {
  readonly maxAttempts: number;
  readonly strategy: "exponential" | "fixed";
  readonly delayMs: number;
  readonly maxDelayMs: number;
  readonly jitter: boolean;
}
