import { assembleCluster, type Cluster } from "./assemble-cluster.ts";
import { freePort } from "./free-port.ts";
import { type NatsServer, type NatsServerOptions, startNatsServer } from "./nats-server.ts";

/** NATS servers that are one cluster, on the loopback interface. */
export type NatsCluster = Cluster<NatsServer>;

/** How to start a cluster. */
export interface NatsClusterOptions extends Pick<NatsServerOptions, "binary" | "onProgress"> {
  /**
   * By which port a node finds another, when something shall stand between them: the nodes are numbered from 0. They
   * then tell nobody of other ways, neither each other nor clients. Absent: the other node's own port.
   */
  readonly routePort?: (from: number, to: number, port: number) => Promise<number>;
}

/** Starts a cluster of three, which keeps working when one is lost, and resolves when it takes streams. */
export async function startNatsCluster({ routePort, ...options }: NatsClusterOptions = {}): Promise<NatsCluster> {
  // A route must be named before the server behind it is there, so the servers cannot choose these ports.
  const ports = [await freePort(), await freePort(), await freePort()];
  const routes = routePort ?? (async (_from: number, _to: number, port: number) => port);
  const configs = await Promise.all(
    ports.map(async (_, index) => configOf(index, ports, routes, routePort !== undefined)),
  );
  const started = await Promise.allSettled(configs.map(async (config) => startNatsServer({ ...options, config })));
  return assembleCluster(started);
}

async function configOf(
  index: number,
  ports: readonly number[],
  routePort: NonNullable<NatsClusterOptions["routePort"]>,
  isSecret: boolean,
): Promise<string> {
  const others = ports.flatMap((port, to) => (to === index ? [] : [{ port, to }]));
  const routes = await Promise.all(others.map(async ({ port, to }) => routePort(index, to, port)));
  return [
    `server_name: node-${index + 1}`,
    "cluster {",
    "  name: lab",
    `  listen: "127.0.0.1:${ports[index]}"`,
    `  routes: [${routes.map((route) => `"nats://127.0.0.1:${route}"`).join(", ")}]`,
    // Nobody listens on port 1: what is told of this node there leads nowhere.
    ...(isSecret ? ["  no_advertise: true", '  advertise: "127.0.0.1:1"'] : []),
    "}",
    "",
  ].join("\n");
}
