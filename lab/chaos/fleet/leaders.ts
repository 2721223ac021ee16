/** Who leads in the NATS cluster, and how somebody else comes to. */
import { withJetStream } from "../../servers/jetstream-session.ts";
import type { NatsCluster } from "../../servers/nats-cluster.ts";

/** The node that leads a stream, numbered from 0; undefined when nobody does, or nobody says. */
export async function leaderOf(cluster: NatsCluster, stream: string): Promise<number | undefined> {
  for (const { url } of cluster.nodes) {
    try {
      const leader = await withJetStream(url, async ({ jetstream }) => {
        const manager = await jetstream();
        return (await manager.streams.info(stream)).cluster?.leader;
      });
      const [, number] = /^node-(\d+)$/.exec(leader ?? "") ?? [];
      if (number !== undefined) return Number(number) - 1;
    } catch {
      // This node does not answer: another may.
    }
  }
  return undefined;
}

/** Makes leaders step down, all at once. Answers how many were told to by a node that answered. */
export async function stepDown(cluster: NatsCluster, subjects: readonly string[]): Promise<number> {
  for (const { url } of cluster.nodes) {
    try {
      return await withJetStream(url, async ({ connection }) => {
        const answers = await Promise.allSettled(
          subjects.map(async (subject) => connection.request(`$JS.API.${subject}`, "", { timeout: 2_000 })),
        );
        return answers.filter(({ status }) => status === "fulfilled").length;
      });
    } catch {
      // This node does not answer: another may.
    }
  }
  return 0;
}
