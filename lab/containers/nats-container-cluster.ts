import { assembleCluster, type Cluster } from "../servers/assemble-cluster.ts";
import { startNatsContainer, type AnyNatsServer } from "./nats-container.ts";

/** NATS servers that are one cluster, each in a container, on a network of their own. */
export type NatsContainerCluster = Cluster<AnyNatsServer>;

const NAMES = ["node-1", "node-2", "node-3"] as const;
const ROUTES = 6222;

/** Starts a cluster of three, which keeps working when one is lost, and resolves when it takes streams. */
export async function startNatsContainerCluster(): Promise<NatsContainerCluster> {
  const { Network } = await import("testcontainers");
  const network = await new Network().start();
  const started = await Promise.allSettled(
    NAMES.map(async (alias) => startNatsContainer({ config: configOf(alias), network: { is: network, alias } })),
  );
  return assembleCluster(started, async () => network.stop());
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
