/** The claim of a relay under the eyes of PostgreSQL's planner. */
import type { Queryable } from "../postgres/database.ts";
import { CLAIM } from "../postgres/outbox-rows.ts";

/** Puts rows into the outbox, all due: `rows` of them over `keys`, numbered from 1. */
export async function leaveWaiting(
  database: Queryable,
  { rows, keys }: { readonly rows: number; readonly keys: number },
): Promise<void> {
  await database.query(
    `insert into tandem_outbox (key, sequence, event, event_id, occurred_at, correlation_id, causation_id, versions)
     select 'many-' || n % $2, n, 'e', 'many-' || n, now(), 'c', 'c', json_build_array(repeat('x', 500))
       from generate_series(1, $1::int) as n`,
    [rows, keys],
  );
}

/** The plan of the claim, as `explain` words it with these options. */
export async function explainClaim(database: Queryable, options: string): Promise<string> {
  const literal = CLAIM.replaceAll("$1", "256").replaceAll("$2", "32");
  const explained = await database.query<{ "QUERY PLAN": string }>(`explain (${options}) ${literal}`);
  return explained.rows.map((row) => row["QUERY PLAN"]).join("\n");
}

/** Pages that a claim touches. */
export async function pagesOfClaim(database: Queryable): Promise<number> {
  const plan = await explainClaim(database, "analyze, buffers, timing off");
  const [, hits = "0", , reads = "0"] = /^ *Buffers: shared(?: hit=(\d+))?( read=(\d+))?/m.exec(plan) ?? [];
  return Number(hits) + Number(reads);
}
