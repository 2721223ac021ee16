import type { TestProject } from "vitest/node";
import { checkDatabaseUrl, checkNatsUrl } from "../servers/named-servers.ts";
import { findNatsServer } from "../servers/nats-binary.ts";
import { startPostgres } from "../servers/postgres.ts";
import { refuseUsedServer } from "./shared-nats.ts";
import "./provided-servers.ts";

const onProgress = (text: string) => console.error(text);

/**
 * Prepares the servers of a run: finds nats-server once, and starts the one PostgreSQL, or checks those that
 * `NATS_URL` and `DATABASE_URL` name. Returns what ends it.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const natsUrl = process.env["NATS_URL"] || null;
  const namedDatabase = process.env["DATABASE_URL"] || null;
  // What needs the network, or is only a check, goes first: nothing has to be stopped when it fails.
  const natsBinary = natsUrl === null ? (await findNatsServer({ onProgress })).path : null;
  if (natsUrl !== null) {
    await checkNatsUrl(natsUrl);
    await refuseUsedServer(natsUrl);
  }
  if (namedDatabase !== null) {
    await checkDatabaseUrl(namedDatabase);
    project.provide("servers", { natsUrl, natsBinary, databaseUrl: namedDatabase });
    return async () => {};
  }
  const postgres = await startPostgres({ fsync: false, onProgress });
  project.provide("servers", { natsUrl, natsBinary, databaseUrl: postgres.url });
  return () => postgres.stop();
}
