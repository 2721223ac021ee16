/** Tables made at start: the runtime's own and the service's. */
import { createHash } from "node:crypto";
import { escapeIdentifier, type Pool } from "pg";
import { TandemError } from "../errors.ts";
import type { Transaction } from "../handler.ts";
import { wordsOf } from "../words-of.ts";
import { databaseDown, isDatabaseAway } from "./database.ts";
import { makeWeeks, type Postponed } from "./history.ts";
import { RUNTIME_TABLES } from "./runtime-tables.ts";
import { inTransaction } from "./transaction.ts";

/** DDL under a name, for example the text of a service's `schema.sql`. */
export interface SchemaPart {
  readonly name: string;
  /** Idempotent statements: they run again whenever the text has changed. */
  readonly sql: string;
}

/** PostgreSQL's code for a transaction that it ended because two wait for each other. */
const DEADLOCK = "40P01";
const TRIES = 10;

/** Making an index may take its time, and so may waiting for the replica that makes it. */
const PATIENT = { query_timeout: 2 ** 31 - 1 };

/**
 * Makes the schema and its tables, in one transaction and under a lock: replicas that start at once
 * apply it once. A part whose text was applied before is skipped, because even `create index if not
 * exists` locks out the writers of a running replica. A deadlock with one of them, which locks the tables in another
 * order, rolls all of it back, and it begins again. Then makes the weeks ahead, and answers those that have to wait:
 * nothing depends on them.
 *
 * @throws `SCHEMA_FAILED` naming the part and PostgreSQL's complaint; `DATABASE_DOWN`
 */
export async function applySchema(
  pool: Pool,
  schema: string,
  parts: readonly SchemaPart[],
): Promise<readonly Postponed[]> {
  await unlessDeadlocked(async () => applyParts(pool, schema, parts));
  // After the commit: each week made locks the default partition, and a service's own schema may take its time.
  const { postponed } = await applyPart("weeks of history", async () => makeWeeks(pool));
  return postponed;
}

async function applyParts(pool: Pool, schema: string, parts: readonly SchemaPart[]): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await tx.query("set local statement_timeout to 0");
    await tx.query({
      text: "select pg_advisory_xact_lock(hashtextextended($1, 0))",
      values: [`tandem schema ${schema}`],
      ...PATIENT,
    });
    await applyPart("schema", async () => createSchema(tx, schema));
    for (const part of [...RUNTIME_TABLES, ...parts]) {
      await applyPart(part.name, async () => applyOnce(tx, part));
    }
  });
}

/** Each deadlock lets the other side through, so the next try meets fewer. */
async function unlessDeadlocked(apply: () => Promise<void>): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await apply();
    } catch (error) {
      const cause = error instanceof TandemError ? error.cause : undefined;
      const deadlocked = cause instanceof Error && "code" in cause && cause.code === DEADLOCK;
      if (!deadlocked || left <= 1) throw error;
    }
  }
}

async function createSchema(tx: Transaction, schema: string): Promise<void> {
  // `create schema if not exists` asks for a permission that a service needs only if it is not there.
  const found = await tx.query("select 1 from pg_namespace where nspname = $1", [schema]);
  if (found.rowCount === 0) await tx.query(`create schema ${escapeIdentifier(schema)}`);
  await tx.query(
    "create table if not exists tandem_schema (part text primary key, digest text not null, applied_at timestamptz not null)",
  );
}

async function applyOnce(tx: Transaction, { name, sql }: SchemaPart): Promise<void> {
  const digest = createHash("sha256").update(sql).digest("hex");
  const known = await tx.query("select 1 from tandem_schema where part = $1 and digest = $2", [name, digest]);
  if (known.rowCount !== 0) return;
  await tx.query({ text: sql, ...PATIENT });
  await tx.query(
    `insert into tandem_schema (part, digest, applied_at) values ($1, $2, now())
     on conflict (part) do update set digest = excluded.digest, applied_at = excluded.applied_at`,
    [name, digest],
  );
}

async function applyPart<R>(name: string, apply: () => Promise<R>): Promise<R> {
  try {
    return await apply();
  } catch (error) {
    if (isDatabaseAway(error)) throw databaseDown(error);
    throw new TandemError("SCHEMA_FAILED", `PostgreSQL refused ${name}: ${wordsOf(error)}.`, { cause: error });
  }
}
