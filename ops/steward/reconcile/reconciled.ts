/** What a reconciler found, as data. */

/** Messages of one subject that no service knows of. */
export interface Ghosts {
  readonly subject: string;
  readonly count: number;
  /** The first few. */
  readonly sequences: readonly number[];
}

/** One walk over a stream, or over its newest part. */
export interface Reconciled {
  readonly stream: string;
  readonly kind: "full" | "newest";
  /** The last sequence of the stream when the walk began. */
  readonly lastSequence: number;
  /** The sequences that were looked at; undefined when there was nothing. */
  readonly range: { readonly from: number; readonly to: number } | undefined;
  /** Messages that were looked at, replays left out. */
  readonly messages: number;
  /** Published rows that were looked at. */
  readonly rows: number;
  /** Messages that were found elsewhere than their row said; the row says it now. */
  readonly found: number;
  /** Messages that were published again. */
  readonly mended: number;
  /** Messages that are still missing: the broker refused them, or did not answer. */
  readonly missing: number;
  readonly ghosts: readonly Ghosts[];
}

/** As many sequences of ghosts as a report names. */
const NAMED = 5;

/** Counts ghosts by subject; remembers a few of each. */
export class GhostCount {
  readonly #subjects = new Map<string, { count: number; readonly sequences: number[] }>();

  add(subject: string, sequence: number): void {
    const entry = this.#subjects.get(subject) ?? { count: 0, sequences: [] };
    this.#subjects.set(subject, entry);
    entry.count += 1;
    if (entry.sequences.length < NAMED) entry.sequences.push(sequence);
  }

  get ghosts(): readonly Ghosts[] {
    return [...this.#subjects].map(([subject, entry]) => ({ subject, ...entry }));
  }
}
