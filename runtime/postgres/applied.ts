/** What the inbox of a service says was applied. */
import type { Queryable } from "./database.ts";

/** A fact: an event by its name without a version, and its id. */
export interface Fact {
  readonly event: string;
  readonly eventId: string;
}

/** Facts asked for at once. */
const AT_ONCE = 1_000;

/** Those of the facts that a service applied, as its inbox remembers. Answers the objects that it was given. */
export async function appliedFacts<F extends Fact>(
  database: Queryable,
  service: string,
  facts: readonly F[],
): Promise<ReadonlySet<F>> {
  const applied = new Set<F>();
  for (let from = 0; from < facts.length; from += AT_ONCE) {
    const asked = facts.slice(from, from + AT_ONCE);
    const { rows } = await database.query<{ event: string; event_id: string }>({
      text: `select distinct event, event_id from tandem_inbox
              where service = $1 and (event, event_id) in (select * from unnest($2::text[], $3::text[]))`,
      values: [service, asked.map(({ event }) => event), asked.map(({ eventId }) => eventId)],
    });
    const found = new Set(rows.map(({ event, event_id }) => JSON.stringify([event, event_id])));
    for (const fact of asked) if (found.has(JSON.stringify([fact.event, fact.eventId]))) applied.add(fact);
  }
  return applied;
}

/** Whether a service applied a fact; its acknowledgement may be lost all the same. */
export async function wasApplied(database: Queryable, fact: Fact & { readonly service: string }): Promise<boolean> {
  return (await appliedFacts(database, fact.service, [fact])).size > 0;
}
