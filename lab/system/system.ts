/** The whole reference system as processes on this machine: gateway, order, inventory, payment. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { provisionDatabase, STEWARD } from "@tandem/runtime/admin";
import { provision } from "../../ops/provision/provision.ts";
import { readTopology, servicesOf } from "../../ops/topology.ts";
import { startProcess, type SystemProcess } from "./process.ts";
import { type RunningService, untilReady, whereItListens } from "./ready.ts";

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

export interface SystemOptions {
  readonly natsUrl: string;
  /** A role that may create roles, and the database to use. */
  readonly databaseUrl: string;
  /** Where each process's log goes. */
  readonly directory: string;
  /** Where the services and their generated code are; the repository when absent. */
  readonly root?: string;
  /** Whether a steward looks after it. Default false: it is one process more. */
  readonly steward?: boolean;
  /** Added to the environment of a service, or of the steward, by its name. */
  readonly env?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface System {
  readonly gateway: RunningService;
  readonly services: Readonly<Record<string, RunningService>>;
  /** Undefined when none was asked for. */
  readonly steward: RunningService | undefined;
  /** The public door: the URL of the order service. */
  readonly url: string;
  /**
   * Starts one more process of a service, as the first was started, and waits until it is ready.
   * @param root Where another release of the services is
   * @param env Added to the environment that the first was given
   */
  startReplica(service: string, root?: string, env?: Readonly<Record<string, string>>): Promise<RunningService>;
  /** Stops the services, then the gateway. Answers those that did not end with exit code 0. */
  stop(): Promise<readonly string[]>;
}

/**
 * Makes streams, durables and roles, starts the gateway and the services and waits until each is ready.
 *
 * @throws an error that names the process that did not become ready, with what it printed last
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { root: firstRoot = REPOSITORY } = options;
  const topology = readTopology(join(firstRoot, "generated/topology.json"));
  await provision(topology, { natsUrl: options.natsUrl });
  const databases = await provisionDatabase(options.databaseUrl, servicesOf(topology));

  const processes: SystemProcess[] = [];
  const launch = async (
    name: string,
    file: string,
    root: string,
    env: Readonly<Record<string, string>>,
    more: readonly string[] = [],
  ): Promise<RunningService> => {
    const logFile = join(options.directory, `${name}.log`);
    const process = startProcess({ name, file, root, env, arguments: more, logFile });
    processes.push(process);
    return { name, process, url: await whereItListens(process) };
  };

  try {
    const gateway = await launch("gateway", "lab/gateway/main.ts", REPOSITORY, {});
    const startReplica = async (
      name: string,
      root = firstRoot,
      env: Readonly<Record<string, string>> = {},
    ): Promise<RunningService> => {
      const database = databases.find(({ service }) => service === name);
      if (!database) throw new Error(`The topology names no service "${name}".`);
      const service = await launch(name, `services/${name}/main.ts`, root, {
        NATS_URL: options.natsUrl,
        DATABASE_URL: database.url,
        HTTP_PORT: "0",
        // One machine plays all the clients.
        HTTP_RATE: "0",
        GATEWAY_URL: gateway.url,
        ...options.env?.[name],
        ...env,
      });
      await untilReady(service);
      return service;
    };
    const startSteward = async (): Promise<RunningService> => {
      const database = databases.find(({ service }) => service === STEWARD);
      const env = {
        NATS_URL: options.natsUrl,
        DATABASE_URL: database?.url ?? "",
        HTTP_PORT: "0",
        ...options.env?.[STEWARD],
      };
      const steward = await launch(STEWARD, "ops/main.ts", firstRoot, env, [STEWARD]);
      await untilReady(steward);
      return steward;
    };
    const stewarding = options.steward === true ? startSteward() : undefined;
    const [order, ...others] = await Promise.all(
      ["order", ...servicesOf(topology).filter((name) => name !== "order")].map((name) => startReplica(name)),
    );
    if (!order) throw new Error("The topology names no service.");
    const services = Object.fromEntries([order, ...others].map((service) => [service.name, service]));
    const steward = await stewarding;
    return { gateway, services, steward, url: order.url, startReplica, stop: () => stopAll(processes) };
  } catch (error) {
    await stopAll(processes);
    throw error;
  }
}

async function stopAll([gateway, ...services]: readonly SystemProcess[]): Promise<readonly string[]> {
  const failures: string[] = [];
  // The gateway is the last to go: a payment in hand still wants its answer.
  for (const group of [services, gateway ? [gateway] : []]) {
    await Promise.all(
      group.map(async (process) => {
        // One that was killed on purpose has its ending already.
        if (process.exit) return;
        const { code, signal } = await process.stop();
        if (code === 0) return;
        failures.push(
          `${process.name} ended with ${signal ?? `exit code ${code}`}: ${process.tail().at(-1) ?? "it printed nothing"}`,
        );
      }),
    );
  }
  return failures;
}
