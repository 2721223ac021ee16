/** Nodes that were started together, as one cluster: it takes streams, or nothing of it is left. */
import { untilHealthy } from "./nats-health.ts";

/** What a cluster needs of a node. */
interface ClusterNode {
  readonly url: string;
  readonly monitoringUrl: string;
  stop(): Promise<void>;
}

/** NATS servers that are one cluster. */
export interface Cluster<Node> extends AsyncDisposable {
  /** Each may be killed and restarted on its own. */
  readonly nodes: readonly Node[];
  /** For clients: the URLs of all nodes. */
  readonly urls: readonly string[];
  /** Resolves when the nodes that run agree on a leader. Rejects with `SERVER_NOT_STARTED` when they do not. */
  ready(): Promise<void>;
  /** Ends all of them, and removes what they stood on. The second call does nothing. */
  stop(): Promise<void>;
}

/**
 * Resolves with the cluster when it is ready.
 *
 * @param started the nodes, and what kept others from starting
 * @param removed ends what the nodes stood on, after them
 * @throws what kept a node from starting, or `SERVER_NOT_STARTED` when they do not agree; everything is ended then
 */
export async function assembleCluster<Node extends ClusterNode>(
  started: readonly PromiseSettledResult<Node>[],
  removed: () => Promise<unknown> = async () => undefined,
): Promise<Cluster<Node>> {
  const nodes = started.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  let stopping: Promise<void> | undefined;
  const stopAll = async (): Promise<void> => {
    await Promise.all(nodes.map(async (node) => node.stop()));
    await removed();
  };
  const cluster: Cluster<Node> = {
    nodes,
    get urls() {
      return nodes.map(({ url }) => url);
    },
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
