/** I8: what was applied was applied once. I9: and in the order of its key, where the contract asks for it. */
import { inboxPage, orderPage, type AppliedRow } from "@tandem/runtime/admin";
import type { Topology } from "../topology.ts";
import type { ServiceSchema } from "./dependencies.ts";
import type { Tallies } from "./verdict.ts";

const ROWS = 5_000;
const KEYS = 500;

/** Walks over every inbox by event id, so that rows of one fact stand side by side (I8). */
export async function judgeOnce(
  schemas: readonly ServiceSchema[],
  { I8 }: Tallies,
  signal?: AbortSignal,
): Promise<void> {
  for (const { database } of schemas) {
    let before: AppliedRow | undefined;
    for (;;) {
      signal?.throwIfAborted();
      const page = await inboxPage(database, before, ROWS);
      I8.checked += page.length;
      for (const row of page) {
        if (before !== undefined && isSameFact(before, row)) I8.violate(twice(before, row));
        before = row;
      }
      if (page.length < ROWS) break;
    }
  }
}

function isSameFact(one: AppliedRow, other: AppliedRow): boolean {
  return one.eventId === other.eventId && one.event === other.event && one.service === other.service;
}

function twice(one: AppliedRow, other: AppliedRow) {
  const { service, event, eventId } = one;
  const places = [one, other].map(({ stream, streamSequence }) => `${stream} #${streamSequence}`).join(", ");
  return { service, event, eventId, places, why: `applied at ${one.appliedAt} and at ${other.appliedAt}` };
}

/** Walks over the keys of each event that a service reads in order (I9). */
export async function judgeOrder(
  { consumers }: Topology,
  schemas: readonly ServiceSchema[],
  { I9 }: Tallies,
  signal?: AbortSignal,
): Promise<void> {
  const ordered = new Map(
    consumers
      .filter(({ orderedByKey }) => orderedByKey)
      .map(({ service, event }) => [`${service} ${event}`, { service, event }]),
  );
  for (const { service, event } of ordered.values()) {
    const database = schemas.find((schema) => schema.service === service)?.database;
    if (database === undefined) continue;
    let key: string | undefined = "";
    while (key !== undefined) {
      signal?.throwIfAborted();
      const page: Awaited<ReturnType<typeof orderPage>> = await orderPage(database, { service, event }, key, KEYS);
      I9.checked += page.rows;
      for (const { after, ...late } of page.inversions) {
        I9.violate({ service, event, ...late, why: `applied after ${after.eventId} with sequence ${after.sequence}` });
      }
      key = page.lastKey;
    }
  }
}
