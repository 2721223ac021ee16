/** Databases for tests: made and dropped by an administrator, and one service's view of them. */
import { randomBytes } from "node:crypto";
import { Client, escapeIdentifier } from "pg";

/** A database that is empty at first. */
export interface ScratchDatabase {
  readonly url: string;
  /** Ends whoever is connected, and removes it. */
  drop(): Promise<void>;
}

/**
 * Makes a database with a name of its own.
 *
 * @param adminUrl a connection string of a role that may create databases
 * @throws the driver's error when the server cannot be reached or refuses
 */
export async function createScratchDatabase(adminUrl: string): Promise<ScratchDatabase> {
  const name = `tandem_test_${randomBytes(6).toString("hex")}`;
  await runOnce(adminUrl, `create database ${escapeIdentifier(name)}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => runOnce(adminUrl, `drop database if exists ${escapeIdentifier(name)} with (force)`),
  };
}

async function runOnce(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  // A server that goes away must not end the process.
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
