/** Who leads what on a cluster. */
import { withJetStream } from "../../../lab/servers/jetstream-session.ts";
import type { AnyNatsServer } from "../../../lab/containers/nats-container.ts";
import { eventually, type DurableRig } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

/** The nodes that lead a stream and its durable; those of a test are always two. */
export interface Leaders<Node> {
  readonly ofStream: Node;
  readonly ofDurable: Node;
  /** Leads neither. */
  readonly neither: Node;
}

/** Moves the durable's leadership until it is not on the stream's leader, and tells who leads. */
export async function leadersApart<Node extends AnyNatsServer>(
  servers: ServerFixture<Node>,
  { stream, durable }: DurableRig,
): Promise<Leaders<Node>> {
  return withJetStream(servers.urls[0] ?? "", async ({ connection, jetstream }) => {
    const manager = await jetstream();
    return eventually(async () => {
      const nodeOf = (cluster: { readonly leader?: string } | undefined) =>
        servers.nodes.find((_, index) => cluster?.leader === `node-${index + 1}`);
      const ofStream = nodeOf((await manager.streams.info(stream)).cluster);
      const ofDurable = nodeOf((await manager.consumers.info(stream, durable)).cluster);
      const neither = servers.nodes.find((node) => node !== ofStream && node !== ofDurable);
      if (ofStream === undefined || ofDurable === undefined || neither === undefined) return false;
      if (ofStream !== ofDurable) return { ofStream, ofDurable, neither };
      await connection.request(`$JS.API.CONSUMER.LEADER.STEPDOWN.${stream}.${durable}`);
      return false;
    });
  });
}
