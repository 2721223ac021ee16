import { randomBytes } from "node:crypto";
import pg from "pg";

/** A database of its own on a PostgreSQL that others use as well. */
export interface Database extends AsyncDisposable {
  readonly name: string;
  /** For clients, with the user of the URL that it was created with. */
  readonly url: string;
  /** Ends its connections and drops it. The second call does nothing. */
  drop(): Promise<void>;
}

/**
 * Creates a database.
 * @param adminUrl a user that may create databases, and a database to connect to
 * @param name when absent, one that nobody else has
 */
export async function createDatabase(
  adminUrl: string,
  name = `tandem_${randomBytes(6).toString("hex")}`,
): Promise<Database> {
  const identifier = pg.escapeIdentifier(name);
  await queryOnce(adminUrl, `CREATE DATABASE ${identifier}`);
  const url = new URL(adminUrl);
  url.pathname = `/${encodeURIComponent(name)}`;
  let dropping: Promise<void> | undefined;
  const drop = () =>
    (dropping ??= queryOnce(adminUrl, `DROP DATABASE IF EXISTS ${identifier} WITH (FORCE)`).then(() => {}));
  return { name, url: url.href, drop, [Symbol.asyncDispose]: drop };
}

/** Runs one statement on a connection of its own, and returns its rows. */
export async function queryOnce(
  url: string,
  sql: string,
  connectMs = 5_000,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectMs });
  // A server that ends the connection between two calls must not end this process.
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
