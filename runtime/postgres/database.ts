/** The connections of one service to PostgreSQL. */
import { Pool, escapeIdentifier, type PoolClient } from "pg";
import type { Logger } from "pino";
import { TandemError } from "../errors.ts";
import { wordsOf } from "../words-of.ts";

/** How to reach the database, and how much of it to use. */
export interface DatabaseOptions {
  /** A connection string: `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** The schema that holds the service's tables; every name without a schema is looked up there. */
  readonly schema: string;
  /** What the server shows as the connection's application. */
  readonly applicationName: string;
  /** Connections at most, 5 or more; three of them are kept for the relay and for health. */
  readonly connections: number;
  readonly log: Logger;
}

/** Anything that runs one statement at a time, each on its own. */
export type Queryable = Pick<Pool, "query">;

/** A service's database. A connection that breaks is replaced; nothing here ends the process. */
export interface Database {
  readonly schema: string;
  /** For handlers, HTTP and jobs. */
  readonly work: Pool;
  /** For the relay and health, which must go on when handlers hold every other connection. */
  readonly background: Pool;
  /** Closes every connection, after those in use were given back. */
  close(): Promise<void>;
}

/** How much of a pool is in use. */
export interface PoolUse {
  readonly pool: "work" | "background";
  readonly used: number;
  readonly idle: number;
  /** How many wait for a connection. */
  readonly waiting: number;
}

/** Looks at both pools. */
export function poolsInUse({ work, background }: Pick<Database, "work" | "background">): readonly PoolUse[] {
  const useOf = (pool: PoolUse["pool"], { totalCount, idleCount, waitingCount }: Pool): PoolUse => ({
    pool,
    used: totalCount - idleCount,
    idle: idleCount,
    waiting: waitingCount,
  });
  return [useOf("work", work), useOf("background", background)];
}

const BACKGROUND_CONNECTIONS = 3;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;
/** Longer than the server's own limit: reached only when the server itself stands still. */
const QUERY_TIMEOUT_MS = 20_000;
/** A handler may wait for another system inside its transaction, but not for ever. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;

/**
 * The statistics of a queue tell of another moment: a plan made for ten waiting rows takes minutes when
 * there are a million. Without these the planner is left with walks along an index, which cost the same
 * for each row whatever waits. Only for the relay's statements, which are all of that kind.
 */
const INDEX_WALKS_ONLY = ["seqscan", "bitmapscan", "sort", "material", "hashjoin", "mergejoin"].map(
  (method) => `set enable_${method} to off`,
);

/** Opens the pools. Connects when they are first used, so that a database may come up later. */
export function openDatabase(options: DatabaseOptions): Database {
  const { url, schema, applicationName, connections, log } = options;
  const settings = [`set search_path to ${escapeIdentifier(schema)}`];
  const common = { url, applicationName, log };
  const work = openPool({ ...common, max: Math.max(1, connections - BACKGROUND_CONNECTIONS), settings });
  const background = openPool({
    ...common,
    max: BACKGROUND_CONNECTIONS,
    settings: [...settings, ...INDEX_WALKS_ONLY],
  });
  return {
    schema,
    work,
    background,
    close: async () => {
      await Promise.all([work.end(), background.end()]);
    },
  };
}

/**
 * A connection of the pool.
 *
 * @throws `DATABASE_DOWN` when none can be had
 */
export async function checkOut(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw databaseDown(error);
  }
}

/** The error for a database that does not answer, with the driver's own words. */
export function databaseDown(cause: unknown): TandemError {
  return new TandemError("DATABASE_DOWN", `PostgreSQL does not answer: ${wordsOf(cause)}.`, { cause });
}

/**
 * Whether an error means that the database does not answer. An answer of the server carries an SQLSTATE,
 * and those of classes 08, 53 and 57P are about the server itself; everything else comes from the driver.
 */
export function isDatabaseAway(error: unknown): boolean {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  return !/^[0-9A-Z]{5}$/.test(code) || /^(08|53|57P)/.test(code);
}

/** A pool for single statements, whose failures say `DATABASE_DOWN` when the database does not answer. */
export function readsOf(pool: Pool): Queryable {
  const query = async (...statement: unknown[]): Promise<unknown> => {
    try {
      const answer: unknown = await Reflect.apply(pool.query, pool, statement);
      return answer;
    } catch (error) {
      throw isDatabaseAway(error) ? databaseDown(error) : error;
    }
  };
  return new Proxy<Queryable>(pool, { get: (_, property) => (property === "query" ? query : undefined) });
}

/** What a pool needs. */
export interface PoolOptions {
  readonly url: string;
  readonly applicationName: string;
  /** Connections at most. */
  readonly max: number;
  /** Statements that each connection begins with. */
  readonly settings: readonly string[];
  /** Hears of connections that break. Nobody does when absent. */
  readonly log?: Logger | undefined;
}

/** A pool whose connections have the timeouts of the runtime. Connects when it is first used. */
export function openPool({ url, applicationName, max, settings, log }: PoolOptions): Pool {
  // Sent as statements and not as startup parameters: these a connection pooler refuses, and a
  // connection string may carry its own.
  const first = [
    `set statement_timeout to ${STATEMENT_TIMEOUT_MS}`,
    `set idle_in_transaction_session_timeout to ${IDLE_IN_TRANSACTION_TIMEOUT_MS}`,
    ...settings,
  ].join("; ");
  const pool = new Pool({
    connectionString: url,
    application_name: applicationName,
    max,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    // The pool waits for it, which its types do not say.
    // oxlint-disable-next-line typescript/no-misused-promises
    onConnect: async (client) => {
      await client.query(first);
    },
  });
  // Without these two listeners a connection that breaks, idle or in use, ends the process.
  pool.on("error", (error) => log?.warn({ reason: error.message }, "a connection to PostgreSQL broke"));
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}
