/** The changes between contracts, each with its verdict: the whole comparison, as a function of data. */
import { compareText } from "../diagnostic.ts";
import type { Model } from "../model/model.ts";
import { type Change, passes, type Verdict } from "./change.ts";
import { consumerChanges } from "./consumer-changes.ts";
import { eventChanges, storedChanges } from "./event-changes.ts";
import { plainChanges } from "./plain-changes.ts";
import { routeChanges } from "./route-changes.ts";
import { serviceChanges } from "./service-changes.ts";
import { streamChanges } from "./stream-changes.ts";

/** An older contract under which events were written that may still be stored. */
export interface StoredContract {
  /** What it is called in messages: `1a2b3c4 of 2026-01-31`. */
  readonly label: string;
  readonly model: Model;
}

const KINDS = [eventChanges, serviceChanges, consumerChanges, streamChanges, routeChanges, plainChanges];

/**
 * Compares a contract with its base, and with every older one whose events may still be stored.
 * Pure: no clock, no disk. The changes are sorted by subject, and within one in the order of the contract.
 */
export function compareModels(base: Model, current: Model, stored: readonly StoredContract[] = []): Change[] {
  const changes = KINDS.flatMap((of) => of(base, current));
  // An older contract has most differences in common with a newer one, and is only asked for what passed there.
  const known = new Set(changes.filter(({ verdict }) => verdict !== "compatible").map(identity));
  const older = stored.flatMap(({ label, model }) =>
    storedChanges(model, current, label).filter((change) => {
      if (change.verdict === "compatible" || known.has(identity(change))) return false;
      known.add(identity(change));
      return true;
    }),
  );
  return [...changes, ...older].toSorted((a, b) => compareText(a.subject, b.subject));
}

/** The verdict on all changes together; what was acknowledged passes. */
export function verdictOn(changes: readonly Change[]): Verdict {
  const failing = changes.filter((change) => !passes(change));
  if (failing.some(({ verdict }) => verdict === "breaking")) return "breaking";
  return failing.length > 0 ? "undecided" : "compatible";
}

function identity({ subject, id }: Change): string {
  return `${subject} ${id}`;
}
