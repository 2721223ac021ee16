import { untilHealthy } from "../servers/nats-health.ts";
import { startNatsContainer, type AnyNatsServer } from "./nats-container.ts";

/** NATS servers that are one cluster, each in a container, on a network of their own. */
export interface NatsContainerCluster extends AsyncDisposable {
  readonly nodes: readonly AnyNatsServer[];
  /** For clients: the URLs of all nodes. */
  readonly urls: readonly string[];
  /** Resolves when every node that runs is up to date and agrees on the leaders. */
  ready(): Promise<void>;
  /** Ends all of them and the network. The second call does nothing. */
  stop(): Promise<void>;
}

const NAMES = ["node-1", "node-2", "node-3"] as const;
const ROUTES = 6222;

/** Starts a cluster of three, which keeps working when one is lost, and resolves when it takes streams. */
export async function startNatsContainerCluster(): Promise<NatsContainerCluster> {
  const { Network } = await import("testcontainers");
  const network = await new Network().start();
  const started = await Promise.allSettled(
    NAMES.map(async (alias) => startNatsContainer({ config: configOf(alias), network: { is: network, alias } })),
  );
  const nodes = started.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  let stopping: Promise<void> | undefined;
  const stopAll = async (): Promise<void> => {
    await Promise.all(nodes.map(async (node) => node.stop()));
    await network.stop();
  };
  const cluster: NatsContainerCluster = {
    nodes,
    urls: nodes.map(({ url }) => url),
    ready: async () => untilHealthy(nodes),
    stop: async () => (stopping ??= stopAll()),
    [Symbol.asyncDispose]: async () => cluster.stop(),
  };
  try {
    const failed = started.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) throw failed.reason;
    await cluster.ready();
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

function configOf(name: string): string {
  const others = NAMES.filter((other) => other !== name);
  return [
    `server_name: ${name}`,
    "cluster {",
    "  name: lab",
    `  listen: "0.0.0.0:${ROUTES}"`,
    `  routes: [${others.map((other) => `"nats://${other}:${ROUTES}"`).join(", ")}]`,
    // Clients reach no address that the nodes have among themselves.
    "  no_advertise: true",
    "}",
    "",
  ].join("\n");
}
