/** How long what was committed has waited for its stream. */
import type { Queryable } from "./database.ts";

/** Rows that are looked at: the oldest come first, so what is not found among them is younger than all of them. */
const MOST_ROWS = 10_000;

/**
 * The age in seconds of the oldest row of the outbox that nothing but the broker keeps; 0 when there is none. Rows that
 * the broker refused, and those behind them, are passed over: they wait for somebody to look, however the broker is.
 */
export async function readOldestUnsentAge(database: Queryable): Promise<number> {
  const { rows } = await database.query<{ age: number }>({
    name: "tandem-oldest-unsent",
    text: `select extract(epoch from now() - created_at)::float8 as age
             from (select key, sequence, created_at, attempts from tandem_outbox order by id limit $1) as oldest
            where attempts = 0
              and not exists (select 1 from tandem_outbox as refused
                               where refused.key = oldest.key and refused.sequence < oldest.sequence
                                 and refused.attempts > 0)
            limit 1`,
    values: [MOST_ROWS],
  });
  return Math.max(0, rows[0]?.age ?? 0);
}
