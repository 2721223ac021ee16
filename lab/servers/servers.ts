import { LabError, reasonOf } from "./lab-error.ts";
import { checkDatabaseUrl, checkNatsUrl } from "./named-servers.ts";
import { type NatsServer, startNatsServer } from "./nats-server.ts";
import { type PostgresServer, startPostgres } from "./postgres.ts";
import type { OnProgress } from "./progress.ts";

/** Which servers to stand on. */
export interface ServersOptions {
  /** A NATS server that runs already. Absent: `NATS_URL`, and without it an embedded server. */
  readonly natsUrl?: string | undefined;
  /** A PostgreSQL that runs already. Absent: `DATABASE_URL`, and without it an embedded server. */
  readonly databaseUrl?: string | undefined;
  /** For the embedded PostgreSQL; see `PostgresOptions`. */
  readonly fsync?: boolean;
  readonly onProgress?: OnProgress;
}

/** A NATS server with JetStream and a PostgreSQL that answer. */
export interface Servers extends AsyncDisposable {
  readonly natsUrl: string;
  /** Its user may create databases and roles. */
  readonly databaseUrl: string;
  /** Undefined when the server was named: it is not ours to stop or to kill. */
  readonly nats: NatsServer | undefined;
  /** Undefined when the server was named. */
  readonly postgres: PostgresServer | undefined;
  /** Stops the embedded ones. The second call does nothing. */
  stop(): Promise<void>;
}

/**
 * Starts both servers at once, or checks those that are named. Rejects with what both have to say when both
 * fail; nothing is then left running.
 */
export async function startServers(options: ServersOptions = {}): Promise<Servers> {
  const [nats, postgres] = await Promise.allSettled([haveNats(options), havePostgres(options)]);
  if (nats.status === "rejected" || postgres.status === "rejected") {
    throw await failure([nats, postgres]);
  }
  const stop = async () => {
    await Promise.all([nats.value.server?.stop(), postgres.value.server?.stop()]);
  };
  return {
    natsUrl: nats.value.url,
    databaseUrl: postgres.value.url,
    nats: nats.value.server,
    postgres: postgres.value.server,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** A server that answers; without `server` it is not ours. */
interface Had<Server> {
  readonly url: string;
  readonly server: Server | undefined;
}

async function haveNats({
  natsUrl = process.env["NATS_URL"],
  onProgress = () => {},
}: ServersOptions): Promise<Had<NatsServer>> {
  if (natsUrl) {
    await checkNatsUrl(natsUrl);
    return { url: natsUrl, server: undefined };
  }
  const server = await startNatsServer({ onProgress });
  return { url: server.url, server };
}

async function havePostgres(options: ServersOptions): Promise<Had<PostgresServer>> {
  const { databaseUrl = process.env["DATABASE_URL"], fsync = true, onProgress = () => {} } = options;
  if (databaseUrl) {
    await checkDatabaseUrl(databaseUrl);
    return { url: databaseUrl, server: undefined };
  }
  const server = await startPostgres({ fsync, onProgress });
  return { url: server.url, server };
}

/** Stops the one that started, and returns what the other, or both, say. */
async function failure(outcomes: readonly PromiseSettledResult<Had<AsyncDisposable>>[]): Promise<unknown> {
  const reasons: unknown[] = [];
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") reasons.push(outcome.reason);
    else await outcome.value.server?.[Symbol.asyncDispose]();
  }
  const [first] = reasons;
  if (reasons.length === 1 || !(first instanceof LabError)) return first;
  return new LabError(first.code, reasons.map(reasonOf).join("\n"), { cause: new AggregateError(reasons) });
}
