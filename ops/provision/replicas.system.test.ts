/** On how many servers a stream is stored. */
import { afterAll, expect, inject, it } from "vitest";
import { startNatsCluster } from "../../lab/servers/nats-cluster.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { parcels, parcelServer, placeOf, SENT, STREAM } from "./tests/parcels.ts";

const { natsBinary } = inject("servers");
const cluster = await startNatsCluster(natsBinary === null ? {} : { binary: natsBinary });
afterAll(() => cluster.stop());

const on = (replicas: number) => parcels({ stream: { servers: { development: { replicas, atomicBatches: false } } } });

it("grows without asking, and shrinks when that is allowed; a durable stays where it is", async () => {
  const { admin, desk, plan, provision, publish, take } = await parcelServer(cluster.urls.join(","));
  await provision(on(1));
  await publish(SENT, 10);
  const place = placeOf(await take(3, 2));
  const is = async (replicas: number): Promise<void> => {
    await eventually(async () => expect((await admin.stream(STREAM))?.settings.replicas).toBe(replicas), {
      deadlineMs: 20_000,
    });
    await eventually(async () => expect(placeOf(await desk())).toEqual(place));
    expect((await admin.stream(STREAM))?.messages).toBe(10);
  };
  await provision(on(3));
  await is(3);
  await expect(provision(on(1))).rejects.toThrow(
    /stored on 1 instead of 3 servers: whoever loses that one loses what PARCELS holds.*--allow replicas:PARCELS/,
  );
  expect((await plan(on(1), "replicas")).changes.some(({ kind }) => kind === "refused")).toBe(false);
  await provision(on(1), "replicas");
  await is(1);
});
