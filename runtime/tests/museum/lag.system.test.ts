/** A bug that other systems had, as a test of its name: what an autoscaler reads. */
import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { expect, inject, it } from "vitest";
import { startNatsCluster } from "../../../lab/servers/nats-cluster.ts";
import { eventually } from "../../../lab/testing/eventually.ts";
import { openAdmin } from "../../nats/admin.ts";
import { openBroker } from "../../nats/broker.ts";

const { natsBinary } = inject("servers");

it("autoscalers read a follower's stale lag", async () => {
  await using cluster = await startNatsCluster(natsBinary === null ? {} : { binary: natsBinary });
  const admins = await Promise.all(cluster.nodes.map(({ url }) => openAdmin({ servers: [url], deadlineMs: 20_000 })));
  const broker = openBroker({ servers: cluster.urls, name: "publisher", log: pino({ level: "silent" }) });
  try {
    const [admin] = admins;
    await admin?.createStream("LAGS", { subjects: ["lags.*"], replicas: 3 });
    await admin?.createDurable("LAGS", "behind", { filterSubjects: ["lags.a"] });
    for (let published = 1; published <= 200; published += 1) {
      await broker.publish({ subject: "lags.a", data: new Uint8Array(), headers: {}, messageId: randomUUID() });
    }
    // Whichever node is asked, the durable's leader answers.
    await eventually(async () => {
      const seen = await Promise.all(admins.map((each) => each.durable("LAGS", "behind")));
      expect(seen.map((durable) => durable?.pending)).toEqual([200, 200, 200]);
    });
  } finally {
    await broker.close();
    await Promise.all(admins.map((each) => each.close()));
  }
});
