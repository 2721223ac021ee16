/**
 * The life of a version as a state machine. Where a version is follows from the contract alone; nothing is stored
 * beside it.
 */

/** What the contract says of one version. */
export interface VersionFacts {
  readonly number: number;
  readonly state: "draft" | "current" | "deprecated" | "retired";
}

/** What the contract says of an event. */
export interface EventFacts {
  /** The version that publishers write. */
  readonly writes: number;
  readonly versions: readonly VersionFacts[];
}

/**
 * How far one version is on its way to the next:
 * `draft` the newer one exists, nothing publishes it; `dual` both are published, the older one is written;
 * `flipped` both are published, the newer one is written; `deprecated` the older one takes no new readers;
 * `retired` the older one is no longer published; `irregular` the contract says what no step leads to.
 */
export type Stage = "draft" | "dual" | "flipped" | "deprecated" | "retired" | "irregular";

/** What `tandem evolve advance` can do. */
export type Step = "dual" | "flip" | "deprecate" | "retire";

/** What `tandem evolve back` can do. */
export type StepBack = "discard" | "undual" | "unflip" | "undeprecate";

/** Two adjacent versions and how far they are. */
export interface Passage {
  readonly older: number;
  readonly newer: number;
  readonly stage: Stage;
  /** Why it is irregular, as a whole sentence. */
  readonly fault?: string;
}

/** The table: what follows each stage, and what leads back. */
export const STAGES: Readonly<Record<Stage, { readonly next?: Step; readonly back?: StepBack }>> = {
  draft: { next: "dual", back: "discard" },
  dual: { next: "flip", back: "undual" },
  flipped: { next: "deprecate", back: "unflip" },
  deprecated: { next: "retire", back: "undeprecate" },
  // Facts that were published meanwhile have no older form: who began to read it again would miss them.
  retired: {},
  irregular: {},
};

/** The stage that each step leads to. */
export const LEADS_TO: Readonly<Record<Step | Exclude<StepBack, "discard">, Stage>> = {
  dual: "dual",
  flip: "flipped",
  deprecate: "deprecated",
  retire: "retired",
  undual: "draft",
  unflip: "dual",
  undeprecate: "flipped",
};

/** Every pair of adjacent versions, the newest first. */
export function passagesOf({ writes, versions }: EventFacts): readonly Passage[] {
  const sorted = versions.toSorted((a, b) => b.number - a.number);
  return sorted.slice(0, -1).flatMap((newer, index) => {
    const older = sorted[index + 1];
    return older === undefined ? [] : [passage(older, newer, writes)];
  });
}

/**
 * The passage that a command is about: the one that starts at a version, or the newest that is not over yet.
 * Undefined when there is none.
 */
export function passageIn(event: EventFacts, from?: number): Passage | undefined {
  const passages = passagesOf(event);
  return from === undefined
    ? passages.find(({ stage }) => stage !== "retired")
    : passages.find(({ older }) => older === from);
}

function passage(older: VersionFacts, newer: VersionFacts, writes: number): Passage {
  const at = { older: older.number, newer: newer.number };
  const irregular = (fault: string): Passage => ({ ...at, stage: "irregular", fault });
  const [was, is] = [`v${older.number}`, `v${newer.number}`];
  if (older.state === "retired") {
    return newer.state === "draft"
      ? irregular(`${was} is retired and ${is} is a draft, so nothing leads from the one to the other.`)
      : { ...at, stage: "retired" };
  }
  if (older.state === "draft")
    return irregular(`${was} is a draft although ${is} follows it: make ${was} current first.`);
  if (newer.state === "retired") return irregular(`${is} is retired while ${was} is still published.`);
  const isWritten = writes >= newer.number;
  if (newer.state === "draft") {
    return isWritten ? irregular(`writes names ${is}, which is a draft.`) : { ...at, stage: "draft" };
  }
  if (older.state === "deprecated") {
    return isWritten
      ? { ...at, stage: "deprecated" }
      : irregular(`${was} is deprecated, and still the one that is written: flip to ${is} first.`);
  }
  return { ...at, stage: isWritten ? "flipped" : "dual" };
}
