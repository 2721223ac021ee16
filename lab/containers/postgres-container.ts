import { randomBytes } from "node:crypto";
import { createDatabase, queryOnce } from "../servers/postgres-database.ts";
import type { PostgresServer } from "../servers/postgres.ts";
import { IMAGES } from "./engine.ts";
import { startServerContainer } from "./server-container.ts";

const PORT = 5432;
const ASK_MS = 1_000;
/** As of the PostgreSQL that the lab starts as a process without `fsync`: no crash of the machine is survived. */
const SETTINGS = ["fsync=off", "full_page_writes=off", "max_connections=200", "timezone=UTC", "log_timezone=UTC"];

/** What a PostgreSQL can be asked wherever it runs: what is left out is of a process of this machine. */
export type AnyPostgres = Omit<PostgresServer, "pid" | "directory">;

/** Starts a new, empty PostgreSQL in a container, and resolves when it takes connections. */
export async function startPostgresContainer(): Promise<AnyPostgres> {
  const password = randomBytes(12).toString("hex");
  const urlAt = (host: string, port: number): string => `postgres://postgres:${password}@${host}:${port}/postgres`;
  const container = await startServerContainer({
    image: IMAGES.postgres,
    command: ["postgres", ...SETTINGS.flatMap((setting) => ["-c", setting])],
    ports: [PORT],
    env: { POSTGRES_PASSWORD: password },
    isReady: async ({ host, ports }) => {
      // While the database is being made it listens on a socket only.
      await queryOnce(urlAt(host, ports.get(PORT) ?? 0), "SELECT 1", ASK_MS);
      return true;
    },
  });
  const port = container.ports.get(PORT) ?? 0;
  const url = urlAt(container.host, port);
  return {
    url,
    port,
    stop: () => container.stop(),
    kill: () => container.kill(),
    restart: () => container.restart(),
    createDatabase: async (name) => createDatabase(url, name),
    [Symbol.asyncDispose]: () => container.stop(),
  };
}
