/** What a verification finds, as data. */

/** What shows that something is not as it must be: ids, keys, sequences. */
export type Evidence = Readonly<Record<string, unknown>>;

/** One invariant on the running system. */
export interface Verdict {
  /** For example `I5`. */
  readonly invariant: string;
  /** `tandem` for what holds of every system, else the service that registered it. */
  readonly by: string;
  /** What must hold, in words. */
  readonly says: string;
  /** How many things were judged. */
  readonly checked: number;
  /** How many still move: they may yet come to hold. */
  readonly inFlight: number;
  /** How many cannot be judged, because the stream or the history that would tell may have let go of them. */
  readonly notJudged: number;
  readonly violations: number;
  /** The first of them. */
  readonly examples: readonly Evidence[];
}

/** All of them at one moment. */
export interface Report {
  /** ISO 8601. */
  readonly at: string;
  /** The contract's title. */
  readonly contract: string;
  readonly holds: boolean;
  readonly verdicts: readonly Verdict[];
}

/** What holds of every system, by the number that reliability is spoken of with. */
export const GENERIC = {
  I5: "every committed event is on its stream, where its row says",
  I6: "every event on a stream was committed by the service that owns it",
  I7: "every event is applied by each consumer, a dead letter of it, or on its way there",
  I8: "no consumer applied an event twice",
  I9: "events of a key are applied in their order, where the contract asks for it",
  I10: "an event that was pinned in several versions is on its stream in all of them",
  I12: "dead letters add up: what came in is open, replayed or discarded",
  I13: "no outage made a dead letter",
  I14: "what caused an event exists, and is of the same conversation",
  I16: "every stored event satisfies the version that its subject names",
} as const;

export type GenericInvariant = keyof typeof GENERIC;

/** As many violations of an invariant as a report names when nothing else is asked. */
export const NAMED = 10;

/** Counts what becomes of one invariant. */
export class Tally {
  checked = 0;
  inFlight = 0;
  notJudged = 0;
  violations = 0;
  readonly examples: Evidence[] = [];
  readonly #named: number;

  /** @param named how many violations are kept as examples */
  constructor(named = NAMED) {
    this.#named = named;
  }

  /** Something that was judged and is not as it must be. */
  violate(evidence: Evidence, count = 1): void {
    this.violations += count;
    if (this.examples.length < this.#named) this.examples.push(evidence);
  }
}

export type Tallies = Readonly<Record<GenericInvariant, Tally>>;

/** @param named how many violations of each are kept as examples; default 10 */
export function createTallies(named?: number): Tallies {
  const tally = (): Tally => new Tally(named);
  return {
    ...{ I5: tally(), I6: tally(), I7: tally(), I8: tally(), I9: tally() },
    ...{ I10: tally(), I12: tally(), I13: tally(), I14: tally(), I16: tally() },
  };
}

/** The verdicts of the counts. */
export function verdictsOf(tallies: Tallies): readonly Verdict[] {
  return Object.entries(tallies).map(([invariant, { checked, inFlight, notJudged, violations, examples }]) => ({
    ...{ invariant, by: "tandem", says: isGeneric(invariant) ? GENERIC[invariant] : invariant },
    ...{ checked, inFlight, notJudged, violations, examples },
  }));
}

function isGeneric(name: string): name is GenericInvariant {
  return Object.hasOwn(GENERIC, name);
}
