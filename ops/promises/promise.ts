/** One promise, and where it ends. */

/**
 * - `kept`: nothing is lost, under this configuration
 * - `window`: something can be lost, and it is said what
 * - `unknown`: the configuration does not tell
 */
export type State = "kept" | "window" | "unknown";

/** What happens to the system's facts when one thing happens to the machines. */
export interface SystemPromise {
  /** Short and stable, for machines. */
  readonly id: string;
  /** What happens: the sentence that begins with "when". */
  readonly when: string;
  readonly state: State;
  /** What would be lost, or why nothing is. */
  readonly then: string;
  /** What to set so that nothing is lost; absent when nothing is. */
  readonly set?: string;
}
