import type { TestProject } from "vitest/node";
import { areContainersAskedFor, BACKEND, testcontainersProblem } from "../containers/engine.ts";
import { startNatsContainer } from "../containers/nats-container.ts";
import { startPostgresContainer } from "../containers/postgres-container.ts";
import { beginRun, endRun } from "../containers/run-label.ts";
import { LabError } from "../servers/lab-error.ts";
import { checkDatabaseUrl, checkNatsUrl } from "../servers/named-servers.ts";
import { findNatsServer } from "../servers/nats-binary.ts";
import { startPostgres } from "../servers/postgres.ts";
import { refuseUsedServer } from "./shared-nats.ts";
import "./provided-servers.ts";

const onProgress = (text: string) => console.error(text);

/**
 * Prepares the servers of a run: finds nats-server once, and starts the one PostgreSQL, or checks those that
 * `NATS_URL` and `DATABASE_URL` name. With `TANDEM_TEST_SERVERS=containers` they are containers. Returns what ends it.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  if (areContainersAskedFor()) return setUpContainers(project);
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

/** The PostgreSQL that all files share; each starts a NATS of its own. */
async function setUpContainers(project: TestProject): Promise<() => Promise<void>> {
  const named = ["NATS_URL", "DATABASE_URL"].filter((name) => process.env[name]);
  if (named.length > 0)
    throw new LabError(
      "SERVER_UNUSABLE",
      `${named.join(" and ")} and ${BACKEND.variable} both say which servers to use. Unset one of them.`,
    );
  const problem = await testcontainersProblem();
  if (problem !== undefined)
    throw new LabError(
      "SERVER_UNUSABLE",
      `${BACKEND.variable} asks for containers, and ${problem}. Start Docker, or unset ${BACKEND.variable}.`,
    );
  onProgress("the tests stand on containers");
  beginRun();
  // One at a time: each may have to fetch its image. The broker is only tried here.
  const nats = await startNatsContainer();
  try {
    await checkNatsUrl(nats.url);
  } finally {
    await nats.stop();
  }
  const postgres = await startPostgresContainer();
  project.provide("servers", { natsUrl: null, natsBinary: null, databaseUrl: postgres.url });
  return endRun;
}
