/** I5 and I10: what was committed is on its stream. I6: what is on a stream was committed. */
import { pinnedSubjects, waitingRows, type PublishedPlaces } from "@tandem/runtime/admin";
import { holds } from "../steward/reconcile/place.ts";
import { isDue } from "../steward/reconcile/survey.ts";
import type { ServiceSchema, VerifyDependencies } from "./dependencies.ts";
import { NAMED, type Tallies } from "./verdict.ts";
import type { Block } from "./walk.ts";

/**
 * Judges the rows of a block. An event of which nothing is at its place is lost (I5); one of which some versions are
 * there and others are not is half said (I10). A version that cannot say an event was not pinned, and is counted.
 */
export async function judgeRows(dependencies: VerifyDependencies, block: Block, { I5, I10 }: Tallies): Promise<void> {
  const { view } = block;
  const seen = new Map(block.events.map((event) => [event.sequence, event]));
  for (const { writer, row } of block.rows) {
    const due = [...row.sequences.keys()].filter((index) => isDue(view, row, row.sequences[index] ?? 0));
    const several = row.sequences.length > 1;
    if (row.hasGaps) I10.notJudged += 1;
    if (due.length === 0) {
      I5.notJudged += 1;
      if (several) I10.notJudged += 1;
      continue;
    }
    const missing: number[] = [];
    for (const index of due) {
      const message = seen.get(row.sequences[index] ?? 0);
      if (message?.eventId === row.eventId && message.subject === row.subjects[index]) continue;
      // Asks the stream's leader before it says that something is gone.
      if (!(await holds(dependencies, view, row, index))) missing.push(index);
    }
    I5.checked += 1;
    if (several) I10.checked += 1;
    if (missing.length === 0) continue;
    const evidence = { service: writer.service, stream: view.stream, ...placesOf(row, missing) };
    if (missing.length === due.length) I5.violate({ ...evidence, why: "its message is not there" });
    else I10.violate({ ...evidence, why: "other versions of it are there" });
  }
}

function placesOf({ eventId, key, subjects, sequences }: PublishedPlaces, missing: readonly number[]) {
  return { eventId, key, missing: missing.map((index) => `${subjects[index]} #${sequences[index]}`).join(", ") };
}

/** Judges what waits in the outboxes: what is older than the grace should have reached its stream (I5). */
export async function judgeWaiting(
  { graceMs }: VerifyDependencies,
  schemas: readonly ServiceSchema[],
  { I5 }: Tallies,
): Promise<void> {
  for (const { service, database } of schemas) {
    const { young, old, oldest } = await waitingRows(database, graceMs, NAMED);
    I5.inFlight += young;
    I5.checked += old;
    for (const [index, { event, eventId, key, ageSeconds, problem }] of oldest.entries()) {
      const why = `it waits in the outbox since ${ageSeconds} s${problem === undefined ? "" : `: ${problem}`}`;
      I5.violate({ service, event, eventId, key, why }, index === 0 ? old - oldest.length + 1 : 1);
    }
  }
}

/** Judges the messages of a block: each belongs to a row that pins its subject (I6). */
export async function judgeOrigins({ view, events, knownSince }: Block, { I6 }: Tallies): Promise<void> {
  const originals = events.filter(({ forOne }) => !forOne);
  const ids = [...new Set(originals.flatMap(({ eventId }) => eventId ?? []))];
  const known = [];
  for (const { database } of ids.length === 0 ? [] : view.writers) known.push(await pinnedSubjects(database, ids));
  for (const { stream, sequence, subject, eventId, storedAt } of originals) {
    if (storedAt < knownSince) {
      I6.notJudged += 1;
      continue;
    }
    I6.checked += 1;
    if (eventId !== undefined && known.some((subjects) => subjects.get(eventId)?.has(subject) === true)) continue;
    I6.violate({ stream, sequence, subject, eventId: eventId ?? "", why: "no outbox knows it" });
  }
}
