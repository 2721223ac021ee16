/** The schemas of all services, for those who look after them: the command line and the steward. */
import { escapeIdentifier, escapeLiteral, type Pool } from "pg";
import { openPool, readsOf, type Queryable } from "./database.ts";

/** What the services of a database keep. */
export interface Store {
  /** The schemas that hold an outbox, sorted: the services that were started here at least once. */
  schemas(): Promise<string[]>;
  /**
   * Statements in the schema of a service, each on its own, by the role that owns the schema where this one is a
   * member of it. They reject with `DATABASE_DOWN` when PostgreSQL does not answer.
   */
  of(service: string): Queryable;
  /** Closes every connection, after those in use were given back. */
  close(): Promise<void>;
}

/** How a store is opened. */
export interface StoreOptions {
  /** Whether the server refuses every statement that would change something. Default false. */
  readonly readOnly?: boolean;
}

/** Of each schema: whoever reads a store asks little at once. */
const CONNECTIONS = 2;

/**
 * Opens the schemas of all services. Connects when it is first asked.
 *
 * @param url a connection string of a role that may read every service's schema: `tandem_steward` or the
 *   administrator's
 */
export function openStore(url: string, { readOnly = false }: StoreOptions = {}): Store {
  const first = readOnly ? ["set default_transaction_read_only to on"] : [];
  const open = (settings: readonly string[]): Pool =>
    openPool({ url, applicationName: "tandem store", max: CONNECTIONS, settings: [...first, ...settings] });
  const catalogue = open([]);
  const pools = new Map<string, Pool>();
  const poolOf = (schema: string): Pool => {
    const pool = pools.get(schema) ?? open(settingsFor(schema));
    pools.set(schema, pool);
    return pool;
  };
  return {
    schemas: async () => {
      const found = await readsOf(catalogue).query<{ schema: string }>(
        `select nspname as schema from pg_class join pg_namespace on pg_namespace.oid = relnamespace
          where relname = 'tandem_outbox' and relkind = 'r' order by nspname`,
      );
      return found.rows.map(({ schema }) => schema);
    },
    of: (service) => readsOf(poolOf(service)),
    close: async () => {
      await Promise.all([catalogue, ...pools.values()].map(async (pool) => pool.end()));
    },
  };
}

/** A partition belongs to the role that makes it, and only its owner may drop it: the service must stay the owner. */
function settingsFor(schema: string): string[] {
  return [
    `set search_path to ${escapeIdentifier(schema)}`,
    `select set_config('role', pg_get_userbyid(nspowner), false) from pg_namespace
      where nspname = ${escapeLiteral(schema)} and pg_has_role(nspowner, 'MEMBER')`,
  ];
}
