import type { NatsServer, NatsServerOptions } from "../servers/nats-server.ts";
import { IMAGES } from "./engine.ts";
import { startServerContainer, type ServerContainerOptions } from "./server-container.ts";

const CLIENTS = 4222;
const MONITORING = 8222;
const CONFIG = "/etc/tandem/nats.conf";

/** What a nats-server can be asked wherever it runs: what is left out is of a process of this machine. */
export type AnyNatsServer = Omit<NatsServer, "pid" | "directory">;

/** How to start one in a container. */
export interface NatsContainerOptions extends Pick<NatsServerOptions, "config"> {
  readonly network?: ServerContainerOptions["network"];
}

/** Starts a nats-server with JetStream in a container, and resolves when it is healthy; in a cluster, when it takes clients. */
export async function startNatsContainer({ config = "", network }: NatsContainerOptions = {}): Promise<AnyNatsServer> {
  const container = await startServerContainer({
    image: IMAGES.nats,
    command: ["nats-server", "-c", CONFIG, "-js", "-sd", "/data", "-p", String(CLIENTS), "-m", String(MONITORING)],
    ports: [CLIENTS, MONITORING],
    files: { [CONFIG]: config },
    ...(network !== undefined && { network }),
    isReady: async ({ host, ports }) => {
      // A node of a cluster has no leader before the others are there.
      const path = network === undefined ? "/healthz" : "/varz";
      return (await fetch(`http://${host}:${ports.get(MONITORING)}${path}`)).ok ? true : undefined;
    },
  });
  const port = container.ports.get(CLIENTS) ?? 0;
  return {
    url: `nats://${container.host}:${port}`,
    monitoringUrl: `http://${container.host}:${container.ports.get(MONITORING)}`,
    port,
    stop: () => container.stop(),
    kill: () => container.kill(),
    restart: () => container.restart(),
    [Symbol.asyncDispose]: () => container.stop(),
  };
}
