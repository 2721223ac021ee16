/** I14: what caused an event exists. I16: an event is what its subject says. */
import { knownCauses } from "@tandem/runtime/admin";
import type { ServiceSchema } from "./dependencies.ts";
import type { Tallies } from "./verdict.ts";
import type { Block } from "./walk.ts";

/** Judges the stored events of a block by the versions that their subjects name (I16). */
export function judgeContents({ events }: Block, { I16 }: Tallies): void {
  for (const { stream, sequence, subject, eventId = "", fault, isDiscard } of events) {
    if (isDiscard) continue;
    if (fault === null) {
      I16.notJudged += 1;
      continue;
    }
    I16.checked += 1;
    if (fault !== undefined) I16.violate({ stream, sequence, subject, eventId, why: fault });
  }
}

/**
 * Judges the causes of the stored events of a block (I14). Whatever handled the cause has it in its inbox for longer than
 * the stream has the event. An event that names its own conversation as its cause is the first one of it: a request or
 * a job began it.
 */
export async function judgeCauses(
  { events }: Block,
  schemas: readonly ServiceSchema[],
  { I14 }: Tallies,
): Promise<void> {
  const originals = events.filter(({ forOne }) => !forOne);
  const asked = new Set(
    originals.flatMap(({ cause }) =>
      cause === undefined || cause.causationId === cause.correlationId ? [] : [cause.causationId],
    ),
  );
  const conversations = new Map<string, Set<string>>();
  for (const { database } of asked.size === 0 ? [] : schemas) {
    for (const { eventId, correlationId } of await knownCauses(database, [...asked])) {
      conversations.set(eventId, (conversations.get(eventId) ?? new Set()).add(correlationId));
    }
  }
  for (const { stream, sequence, subject, eventId = "", cause } of originals) {
    if (cause === undefined) {
      I14.notJudged += 1;
      continue;
    }
    I14.checked += 1;
    const { causationId, correlationId } = cause;
    if (causationId === correlationId) continue;
    const found = conversations.get(causationId);
    if (found?.has(correlationId) === true) continue;
    const why = found === undefined ? "nobody knows its cause" : "its cause is of another conversation";
    I14.violate({ stream, sequence, subject, eventId, causationId, correlationId, why });
  }
}
