/** The servers that test systems stand on: named, or started. */
import { startNats } from "./nats.ts";
import { startPostgres } from "./postgres.ts";

/** One server that was started. */
export interface TestServer {
  readonly url: string;
  /** Ends it and removes what it kept. */
  stop(): Promise<void>;
}

/** Which servers to use. */
export interface NamedServers {
  /** Of NATS; the environment's `NATS_URL` when absent, and without that a nats-server is started. */
  readonly natsUrl?: string | undefined;
  /** Of a PostgreSQL user who may create databases; `DATABASE_URL` when absent, and without that one is started. */
  readonly databaseUrl?: string | undefined;
}

/** Servers for test systems. */
export interface TestServers {
  readonly natsUrl: string;
  readonly databaseUrl: string;
  /** Ends those that were started here; it does nothing to those that were named. */
  stop(): Promise<void>;
}

/**
 * Finds or starts the servers for several test systems, so that not each has to start its own: once for a file, or
 * in the global setup of a test runner.
 *
 * @throws `SERVER_MISSING`, `SERVER_FAILED`
 */
export async function startTestServers(named: NamedServers = {}): Promise<TestServers> {
  const started: TestServer[] = [];
  const url = async (given: string | undefined, start: () => Promise<TestServer>): Promise<string> => {
    if (given !== undefined && given !== "") return given;
    const server = await start();
    started.push(server);
    return server.url;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.splice(0).map(async (server) => server.stop()));
  };
  try {
    return {
      natsUrl: await url(named.natsUrl ?? process.env["NATS_URL"], startNats),
      databaseUrl: await url(named.databaseUrl ?? process.env["DATABASE_URL"], startPostgres),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
