import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "./lab-error.ts";
import { makeLabDirectory, removeLabDirectory, removeLabDirectoryNow } from "./lab-directory.ts";
import { findNatsServer } from "./nats-binary.ts";
import { FREE_PORTS, launchNats, portsWhenReady } from "./nats-process.ts";
import { sweepOrphansOnce } from "./orphans.ts";
import { atProcessEnd } from "./process-end.ts";
import type { OnProgress } from "./progress.ts";
import type { ServerProcess } from "./server-process.ts";

/** How to start a nats-server. */
export interface NatsServerOptions {
  /** Where it keeps its streams and its log; kept after `stop`. Absent: a new directory, removed by `stop`. */
  readonly directory?: string;
  /** Lines of nats-server configuration, for example accounts. Addresses, ports and the store are not theirs to set. */
  readonly config?: string;
  /** The program. Absent: one is found, which may take seconds the first time. */
  readonly binary?: string;
  readonly onProgress?: OnProgress;
}

/** A nats-server with JetStream, on the loopback interface, as a process of its own. */
export interface NatsServer extends AsyncDisposable {
  /** For clients, for example `nats://127.0.0.1:41237`; the same after a restart. */
  readonly url: string;
  /** Its HTTP monitoring, for example `http://127.0.0.1:41238`; the same after a restart. */
  readonly monitoringUrl: string;
  readonly port: number;
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  readonly directory: string;
  /** Ends it, and removes the directory unless the caller named it. The second call does nothing. */
  stop(): Promise<void>;
  /** SIGKILL: ends it as a crash does. The store stays. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same ports and store; ends it first when it runs. */
  restart(): Promise<void>;
}

const STOP_MS = 5_000;

/**
 * Starts a nats-server on free ports and resolves when it takes connections, about 30 ms later. Rejects with
 * `BINARY_NOT_FOUND` when there is no program for it, with `SERVER_NOT_STARTED` and the end of its log
 * when it does not come up.
 */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<NatsServer> {
  const binary = options.binary ?? (await findNatsServer(options)).path;
  await sweepOrphansOnce();
  const directory = options.directory ?? (await makeLabDirectory("nats"));
  const removable = options.directory === undefined;
  let running: ServerProcess | undefined;
  let ports = FREE_PORTS;
  let stopping: Promise<void> | undefined;

  const withdraw = atProcessEnd(() => {
    running?.endNow();
    if (removable) removeLabDirectoryNow(directory);
  });

  async function start(): Promise<void> {
    if (stopping !== undefined)
      throw new LabError("SERVER_NOT_STARTED", "This nats-server was stopped for good; start another.");
    running = await launchNats(binary, directory, ports);
    try {
      ports = await portsWhenReady(running, directory);
    } catch (error) {
      await running.end("SIGKILL", 0);
      throw error;
    }
  }

  async function stop(): Promise<void> {
    await running?.end("SIGTERM", STOP_MS);
    if (removable) await removeLabDirectory(directory);
    withdraw();
  }

  const server: NatsServer = {
    get url() {
      return `nats://127.0.0.1:${ports.client}`;
    },
    get monitoringUrl() {
      return `http://127.0.0.1:${ports.monitoring}`;
    },
    get port() {
      return ports.client;
    },
    get pid() {
      return running?.pid ?? 0;
    },
    directory,
    stop: () => (stopping ??= stop()),
    async kill() {
      await running?.end("SIGKILL", 0);
    },
    async restart() {
      await running?.end("SIGTERM", STOP_MS);
      await start();
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };

  try {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, "nats.conf"), options.config ?? "");
    await start();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}
