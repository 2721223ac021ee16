/** A server in a container, which tests kill and start again. */
import type { StartedNetwork, StartedTestContainer } from "testcontainers";
import { LabError, reasonOf } from "../servers/lab-error.ts";
import { freePort } from "../servers/free-port.ts";
import { waitFor } from "../servers/wait.ts";
import { runLabels } from "./run-label.ts";

/** What is run. */
export interface ServerContainerOptions {
  readonly image: string;
  readonly command: readonly string[];
  /** The ports that the server listens on in there. */
  readonly ports: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
  /** Files that it finds there, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** The network that it finds others in, and the name by which they find it. */
  readonly network?: { readonly is: StartedNetwork; readonly alias: string };
  /** Undefined while it does not answer as it must. Asked again and again, with where its ports are reached. */
  readonly isReady: (reached: Reached) => Promise<true | undefined>;
}

/** Where the ports of a container are reached; the same after a restart. */
export interface Reached {
  readonly host: string;
  /** By the port in the container. */
  readonly ports: ReadonlyMap<number, number>;
}

/** A running container. */
export interface ServerContainer extends Reached {
  /** Ends it and removes it with what it stored. The second call does nothing. */
  stop(): Promise<void>;
  /** SIGKILL. What it stored stays. Resolves when it has ended. */
  kill(): Promise<void>;
  /** Starts it again with what it stored; ends it first when it runs. Resolves when it is ready. */
  restart(): Promise<void>;
}

const READY_MS = 60_000;
const STOP_SECONDS = 10;

/** Starts a container and resolves when it is ready. Rejects with `SERVER_NOT_STARTED` and the end of its log. */
export async function startServerContainer(options: ServerContainerOptions): Promise<ServerContainer> {
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import("testcontainers");
  // Chosen here and not by the engine, which would choose others after a restart.
  const bindings = await Promise.all(options.ports.map(async (container) => ({ container, host: await freePort() })));
  const described = new GenericContainer(options.image)
    .withCommand([...options.command])
    .withExposedPorts(...bindings)
    .withEnvironment({ ...options.env })
    .withLabels(runLabels())
    .withCopyContentToContainer(Object.entries(options.files ?? {}).map(([target, content]) => ({ target, content })))
    // That it answers is seen from outside, as its users do, and again after each restart.
    .withWaitStrategy(Wait.forAll([]));
  if (options.network !== undefined) {
    described.withNetwork(options.network.is).withNetworkAliases(options.network.alias);
  }
  const started: StartedTestContainer = await described.start().catch((cause: unknown) => {
    throw new LabError("SERVER_NOT_STARTED", `No container of ${options.image} was started: ${reasonOf(cause)}`, {
      cause,
    });
  });
  const { container: engine } = await getContainerRuntimeClient();
  const handle = engine.getById(started.getId());
  const reached: Reached = {
    host: started.getHost(),
    ports: new Map(bindings.map(({ container, host }) => [container, host])),
  };
  let stopping: Promise<void> | undefined;

  const untilReady = async (): Promise<void> => {
    const look = async (): Promise<true | undefined> => options.isReady(reached).catch(() => undefined);
    if ((await waitFor(look, { deadlineMs: READY_MS, intervalMs: 50 })) === true) return;
    const log = String(await handle.logs({ stdout: true, stderr: true, tail: 5 }));
    throw new LabError(
      "SERVER_NOT_STARTED",
      `A container of ${options.image} was not ready after ${READY_MS / 1000} s. The end of its log: ${log}`,
    );
  };
  const isRunning = async (): Promise<boolean> => (await handle.inspect()).State.Running;
  const server: ServerContainer = {
    ...reached,
    stop: () =>
      (stopping ??= started.stop({ timeout: STOP_SECONDS * 1000, remove: true, removeVolumes: true }).then(() => {})),
    async kill() {
      if (!(await isRunning())) return;
      const ended: Promise<unknown> = handle.wait();
      await handle.kill({ signal: "SIGKILL" });
      await ended;
    },
    async restart() {
      if (await isRunning()) await handle.stop({ t: STOP_SECONDS });
      await handle.start();
      await untilReady();
    },
  };
  try {
    await untilReady();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}
