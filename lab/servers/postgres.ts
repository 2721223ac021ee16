import { setTimeout as delay } from "node:timers/promises";
import { freePort, isPortTaken } from "./free-port.ts";
import { LabError } from "./lab-error.ts";
import { makeLabDirectory, removeLabDirectory, removeLabDirectoryNow } from "./lab-directory.ts";
import { sweepOrphansOnce } from "./orphans.ts";
import { findPostgres } from "./postgres-binaries.ts";
import { beginData, beginServing, type Cluster, finishData, finishServing } from "./postgres-cluster.ts";
import { createDatabase, type Database } from "./postgres-database.ts";
import { atProcessEnd } from "./process-end.ts";
import type { OnProgress } from "./progress.ts";
import type { ServerProcess } from "./server-process.ts";
import { unprivilegedUser } from "./unprivileged-user.ts";

/** How to start a PostgreSQL. */
export interface PostgresOptions {
  /**
   * Whether a commit waits for the disk; true when absent. False is faster, and risks the data only when the
   * machine itself goes down: what is committed survives `kill` either way.
   */
  readonly fsync?: boolean;
  readonly onProgress?: OnProgress;
}

/** A PostgreSQL on the loopback interface, with a directory of its own, as a process of its own. */
export interface PostgresServer extends AsyncDisposable {
  /** The superuser `postgres` in the database `postgres`; the same after a restart. */
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  readonly directory: string;
  /** Ends it and removes its directory. The second call does nothing. */
  stop(): Promise<void>;
  /** SIGKILL: ends it as a crash does. What was committed stays. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data; ends it first when it runs. */
  restart(): Promise<void>;
  /** Creates a database; one with a name of its own when none is given. */
  createDatabase(name?: string): Promise<Database>;
}

const STOP_MS = 5_000;
const PORT_ATTEMPTS = 5;
const RESTART_ATTEMPTS = 10;
const RESTART_PAUSE_MS = 200;

/**
 * Starts a new, empty PostgreSQL on a free port and resolves when it takes connections, about half a second
 * later. As root it runs as another user. Rejects with `BINARY_NOT_FOUND` or `SERVER_NOT_STARTED`.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const runAs = await unprivilegedUser();
  const [binaries] = await Promise.all([findPostgres(runAs), sweepOrphansOnce()]);
  const directory = await makeLabDirectory("postgres");
  const cluster: Cluster = { binaries, directory, runAs, fsync: options.fsync ?? true };
  let running: ServerProcess | undefined;
  let port = 0;
  let stopping: Promise<void> | undefined;
  const withdraw = atProcessEnd(() => {
    running?.endNow();
    removeLabDirectoryNow(directory);
  });

  async function serve(): Promise<void> {
    running = await beginServing(cluster, port);
    await finishServing(cluster, running);
  }

  /** PostgreSQL cannot choose a port itself: between the choice and its start another process may take it. */
  async function serveOnFreePort(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      port = await freePort();
      try {
        return await serve();
      } catch (error) {
        if (attempt === PORT_ATTEMPTS || !(await isPortTaken(port))) throw error;
      }
    }
  }

  /** The processes of a killed server may hold the data for a moment longer. */
  async function serveAgain(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await serve();
      } catch (error) {
        if (attempt === RESTART_ATTEMPTS) throw error;
        await delay(RESTART_PAUSE_MS);
      }
    }
  }

  async function stop(): Promise<void> {
    await running?.end("SIGINT", STOP_MS);
    await removeLabDirectory(directory);
    withdraw();
  }

  const server: PostgresServer = {
    get url() {
      return `postgres://postgres@127.0.0.1:${port}/postgres`;
    },
    get port() {
      return port;
    },
    get pid() {
      return running?.pid ?? 0;
    },
    directory,
    stop: () => (stopping ??= stop()),
    async kill() {
      // Its backends would finish what they are at, and keep the next server from the data until then.
      await running?.crash();
    },
    async restart() {
      await running?.end("SIGINT", STOP_MS);
      if (stopping !== undefined)
        throw new LabError("SERVER_NOT_STARTED", "This PostgreSQL was stopped for good; start another.");
      await serveAgain();
    },
    createDatabase: (name) => createDatabase(server.url, name),
    [Symbol.asyncDispose]: () => server.stop(),
  };

  try {
    running = await beginData(cluster);
    await finishData(cluster, running);
    await serveOnFreePort();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}
