/** The weeks of what was published and applied: made ahead, and dropped when nobody needs them any more. */
import { TandemError } from "../errors.ts";
import type { Queryable } from "./database.ts";

/** How long a service remembers. */
export interface HistoryLimits {
  /** What was published, milliseconds: at least as long as the streams keep it. */
  readonly publishedForMs: number;
  /** What was applied, milliseconds: at least as long as a stream or the dead letters may deliver it again. */
  readonly inboxForMs: number;
}

/** What was done. */
export interface RetainedHistory {
  /** Partitions made. */
  readonly made: readonly string[];
  /** Partitions dropped. */
  readonly dropped: readonly string[];
  /** Rows deleted outside the weeks. */
  readonly deleted: number;
  /** What was left for the next time. */
  readonly postponed: readonly Postponed[];
}

/** A partition that could not be made or dropped now. */
export interface Postponed {
  readonly partition: string;
  /** PostgreSQL's words, or ours. */
  readonly reason: string;
}

interface WeekColumns {
  name: string;
  problem: string | null;
}

/** A table in weeks, with the column that says which week. */
interface Weekly {
  readonly table: string;
  readonly moment: string;
}

const PUBLISHED: Weekly = { table: "tandem_published", moment: "published_at" };
const INBOX: Weekly = { table: "tandem_inbox", moment: "applied_at" };

/** Rows deleted by one statement, and statements of one call: what is left waits for the next. */
const DELETE_BATCH = 1_000;
const DELETE_BATCHES = 100;

/**
 * Makes this week and the eight after it, where they are not there. Where nobody does that for longer, rows go to the
 * default partition, and nothing fails.
 */
export async function makeWeeks(database: Queryable): Promise<Pick<RetainedHistory, "made" | "postponed">> {
  const weeks: WeekColumns[] = [];
  for (const { table, moment } of [PUBLISHED, INBOX]) {
    const made = await database.query<WeekColumns>(
      "select name, problem from tandem_make_weeks($1, $2, now(), now() + interval '8 weeks')",
      [table, moment],
    );
    weeks.push(...made.rows);
  }
  return { made: doneOf(weeks), postponed: postponedOf(weeks) };
}

/**
 * Makes weeks ahead, drops those that are over for longer than the limits, and deletes the rows of the default
 * partitions that are. Rows that wait to be published are in none of these tables. Several may run at once, beside
 * running services: what cannot be locked soon is postponed.
 *
 * @param database statements in the service's schema, by the role that owns its tables
 * @throws `SCHEMA_FAILED` when the tables are of a release that knew no weeks; `DATABASE_DOWN`
 */
export async function retainHistory(database: Queryable, limits: HistoryLimits): Promise<RetainedHistory> {
  await refuseOldTables(database);
  const { made, postponed } = await makeWeeks(database);
  const weeks: WeekColumns[] = [];
  let deleted = 0;
  for (const [weekly, limitMs] of [
    [PUBLISHED, limits.publishedForMs],
    [INBOX, limits.inboxForMs],
  ] as const) {
    const over = await database.query<WeekColumns>(
      "select name, problem from tandem_drop_weeks($1, now() - $2 * interval '1 millisecond')",
      [weekly.table, limitMs],
    );
    weeks.push(...over.rows);
    deleted += await deleteOutsideWeeks(database, weekly, limitMs);
  }
  return { made, dropped: doneOf(weeks), deleted, postponed: [...postponed, ...postponedOf(weeks)] };
}

async function deleteOutsideWeeks(database: Queryable, { table, moment }: Weekly, limitMs: number): Promise<number> {
  let deleted = 0;
  for (let batch = 0; batch < DELETE_BATCHES; batch += 1) {
    const { rowCount } = await database.query(
      `delete from ${table}_default where ctid = any(array(
         select ctid from ${table}_default where ${moment} < now() - $1 * interval '1 millisecond'
          order by ${moment} limit $2 for update skip locked))`,
      [limitMs, DELETE_BATCH],
    );
    deleted += rowCount ?? 0;
    if ((rowCount ?? 0) < DELETE_BATCH) break;
  }
  return deleted;
}

async function refuseOldTables(database: Queryable): Promise<void> {
  const found = await database.query("select 1 where to_regclass('tandem_published') is not null");
  if (found.rowCount !== 0) return;
  throw new TandemError(
    "SCHEMA_FAILED",
    "The tables are of a release that kept no history by week: start its service once.",
  );
}

function doneOf(weeks: readonly WeekColumns[]): string[] {
  return weeks.filter(({ problem }) => problem === null).map(({ name }) => name);
}

function postponedOf(weeks: readonly WeekColumns[]): Postponed[] {
  return weeks.flatMap(({ name, problem }) => (problem === null ? [] : [{ partition: name, reason: problem }]));
}
