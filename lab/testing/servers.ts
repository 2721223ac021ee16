/** Servers for tests of the suite `system`. Call these while the file is collected: `const nats = await natsForTest();`. */
import { afterAll, inject } from "vitest";
import { areContainersAskedFor } from "../containers/engine.ts";
import { type AnyNatsServer, startNatsContainer } from "../containers/nats-container.ts";
import { type NatsServer, type NatsServerOptions, startNatsServer } from "../servers/nats-server.ts";
import { createDatabase, type Database } from "../servers/postgres-database.ts";
import { deleteStreams, refuseUsedServer } from "./shared-nats.ts";
import "./provided-servers.ts";

/** A NATS server that holds no streams. */
export interface TestNats {
  readonly url: string;
}

/**
 * A NATS server for the tests of one file, empty, gone after them. It is a server of its own; with `NATS_URL` it
 * is that server, whose streams are deleted afterwards, and which is refused when it holds any before.
 */
export async function natsForTest(): Promise<TestNats> {
  const { natsUrl } = inject("servers");
  if (natsUrl === null) return natsServerForTest();
  await refuseUsedServer(natsUrl);
  afterAll(() => deleteStreams(natsUrl));
  return { url: natsUrl };
}

/**
 * A nats-server that the tests of one file may kill, restart and configure, gone after them. Always a server of
 * its own: `NATS_URL` does not replace it. It is a process, or a container where these are asked for.
 */
export async function natsServerForTest(options: Pick<NatsServerOptions, "config"> = {}): Promise<AnyNatsServer> {
  if (!areContainersAskedFor()) return natsProcessForTest(options);
  const server = await startNatsContainer(options);
  afterAll(() => server.stop());
  return server;
}

/** The same for tests that freeze it, or read its files: always a process of this machine. */
export async function natsProcessForTest(options: Pick<NatsServerOptions, "config"> = {}): Promise<NatsServer> {
  const { natsBinary } = inject("servers");
  const server = await startNatsServer({ ...options, ...(natsBinary !== null && { binary: natsBinary }) });
  afterAll(() => server.stop());
  return server;
}

/**
 * A new, empty database for the tests of one file, dropped after them. Its server is shared with all files, and
 * with it everything that PostgreSQL keeps for a server as a whole, roles above all.
 */
export async function databaseForTest(): Promise<Database> {
  const database = await createDatabase(inject("servers").databaseUrl);
  afterAll(() => database.drop());
  return database;
}
