/** What a PostgreSQL server is configured to survive. */
import { Client } from "pg";
import { databaseDown, isDatabaseAway } from "./database.ts";

/** The settings that decide it, in the server's own words. */
export interface DatabaseDurability {
  readonly fsync: string;
  readonly synchronousCommit: string;
  readonly fullPageWrites: string;
  /** Milliseconds. */
  readonly walWriterDelayMs: number;
  /** Empty when no standby is waited for. */
  readonly synchronousStandbys: string;
}

/**
 * Asks the server.
 * @throws `DATABASE_DOWN`
 */
export async function readDatabaseDurability(url: string): Promise<DatabaseDurability> {
  const client = new Client({ connectionString: url });
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings
        where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_writer_delay', 'synchronous_standby_names')`,
    );
    const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
    const of = (name: string): string => settings.get(name) ?? "";
    return {
      fsync: of("fsync"),
      synchronousCommit: of("synchronous_commit"),
      fullPageWrites: of("full_page_writes"),
      walWriterDelayMs: Number(of("wal_writer_delay")),
      synchronousStandbys: of("synchronous_standby_names"),
    };
  } catch (error) {
    throw isDatabaseAway(error) ? databaseDown(error) : error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
