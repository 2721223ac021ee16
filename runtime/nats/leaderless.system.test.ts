import { expect, inject, it } from "vitest";
import { withJetStream } from "../../lab/servers/jetstream-session.ts";
import { startNatsCluster } from "../../lab/servers/nats-cluster.ts";
import { openAdmin } from "./admin.ts";

const { natsBinary } = inject("servers");

it("a stream of a cluster without a leader is not read, and the error says why", async () => {
  await using cluster = await startNatsCluster(natsBinary === null ? {} : { binary: natsBinary });
  // Its only copy is on one node, which goes on answering what the stream holds when the others are gone.
  const leader = await withJetStream(cluster.urls[0] ?? "", async ({ jetstream }) => {
    const { streams } = await jetstream();
    return (await streams.add({ name: "LONE", subjects: ["lone.*"], num_replicas: 1 })).cluster?.leader;
  });
  const survivor = cluster.nodes[Number(leader?.split("-")[1]) - 1];
  const admin = await openAdmin({ servers: [survivor?.url ?? ""], deadlineMs: 5_000 });
  try {
    expect(await Array.fromAsync(admin.readStream("LONE", { follow: false }))).toEqual([]);
    await Promise.all(cluster.nodes.filter((node) => node !== survivor).map(async (node) => node.kill()));
    await expect(Array.fromAsync(admin.readStream("LONE", { follow: false }))).rejects.toMatchObject({
      code: "BROKER_UNREACHABLE",
      message: expect.stringMatching(
        /^reading stream LONE: NATS did not answer within 5000 ms; .*no leader.* Start the servers of the cluster that are down; `nats server report jetstream` shows who leads\.$/,
      ),
    });
  } finally {
    await admin.close();
  }
});
