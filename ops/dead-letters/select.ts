/** Which letters a command is about. */
import { OpsError } from "../error.ts";
import type { Letter, LetterState } from "./letter.ts";

/** What must hold of a letter; what is absent does not matter. */
export interface Selection {
  /** Sequences of entries, `STREAM:SEQUENCE`, or event ids. Empty for no choice. */
  readonly ids: readonly string[];
  /** A fingerprint, or its beginning. */
  readonly group?: string | undefined;
  readonly service?: string | undefined;
  /** `orders.created`, `orders.created.v1`, or the channel's key. */
  readonly event?: string | undefined;
  readonly code?: string | undefined;
  readonly key?: string | undefined;
  /** Whether it failed last at or after this time, milliseconds since the epoch. */
  readonly since?: number | undefined;
  /** Before this time. */
  readonly until?: number | undefined;
  readonly state: LetterState | "all";
}

/**
 * The letters of a selection, in their order.
 *
 * @throws OpsError when an id names no letter
 */
export function select(letters: readonly Letter[], selection: Selection): Letter[] {
  const { ids } = selection;
  const strangers = ids.filter((id) => !letters.some((letter) => isNamed(letter, id)));
  if (strangers.length > 0)
    throw new OpsError(
      `There is no dead letter ${strangers.join(", ")}. tandem dead-letters list --state all shows what there is.`,
    );
  return letters.filter((letter) => {
    if (ids.length > 0 && !ids.some((id) => isNamed(letter, id))) return false;
    return fits(letter, selection);
  });
}

/** Whether anything is chosen, by its id or by a filter. */
export function isChosen({ ids, group, service, event, code, key, since, until }: Selection): boolean {
  return ids.length > 0 || [group, service, event, code, key, since, until].some((filter) => filter !== undefined);
}

function fits({ state, latest }: Letter, selection: Selection): boolean {
  const { group, service, event, code, key, since, until } = selection;
  return (
    (selection.state === "all" || state === selection.state) &&
    (group === undefined || latest.fingerprint.startsWith(group)) &&
    (service === undefined || latest.service === service) &&
    (event === undefined || [latest.event, `${latest.event}.v${latest.version}`, latest.channel].includes(event)) &&
    (code === undefined || latest.code === code) &&
    (key === undefined || latest.key === key) &&
    (since === undefined || latest.storedAt >= since) &&
    (until === undefined || latest.storedAt < until)
  );
}

function isNamed({ entries }: Letter, id: string): boolean {
  return entries.some(
    ({ stream, sequence, eventId }) => String(sequence) === id || `${stream}:${sequence}` === id || eventId === id,
  );
}
