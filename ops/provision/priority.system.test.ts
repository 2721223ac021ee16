/** Priority policies of the contract on the durables of a server. */
import { beforeEach, expect, it } from "vitest";
import { natsForTest } from "../../lab/testing/servers.ts";
import { deleteStreams } from "../../lab/testing/shared-nats.ts";
import { openBroker, openLog } from "@tandem/runtime/admin";
import { readTopology } from "../topology.ts";
import { changeOf, DESK, parcels, parcelServer, placeOf, SENT, STREAM } from "./tests/parcels.ts";

const { url: natsUrl } = await natsForTest();
beforeEach(() => deleteStreams(natsUrl));

const DURABLE = `${STREAM}/${DESK}`;
const prioritized = parcels({ consumer: { priority: { policy: "prioritized" } } });
const pinned = parcels({ consumer: { priority: { policy: "pinned", timeoutMs: 30_000 } } });

it("are made as the contract says, all three of them", async () => {
  const { admin, provision, plan } = await parcelServer(natsUrl);
  const topology = readTopology("codegen/testdata/priority/expected/topology.json");
  const servers = { development: { replicas: 1, atomicBatches: false } };
  const here = { ...topology, streams: topology.streams.map((stream) => ({ ...stream, servers })) };
  await provision(here);
  const priorities = (await admin.durables(STREAM)).map(({ name, settings }) => [name, settings.priority]);
  expect(Object.fromEntries(priorities)).toEqual({
    "archive-parcelSent-v1": null,
    "audit-parcelSent-v1": { policy: "pinned", timeoutMs: 30_000 },
    "billing-parcelSent-v1": { policy: "pinned", timeoutMs: 45_000 },
    "desk-parcelSent-v1": { policy: "overflow" },
    "tracker-parcelSent-v1": { policy: "prioritized" },
  });
  expect([...new Set((await plan(here)).changes.map(({ kind }) => kind))]).toEqual(["unchanged"]);
});

it("come, change and go without moving a durable that nobody reads", async () => {
  const server = await parcelServer(natsUrl);
  await server.provision(parcels());
  await server.publish(SENT, 5);
  const place = placeOf(await server.take(3, 2));
  for (const topology of [prioritized, pinned, parcels()]) {
    await server.provision(topology);
    const desk = await server.desk();
    expect(desk.settings.priority).toEqual(topology.consumers[0]?.priority ?? null);
    expect(placeOf(desk)).toEqual(place);
  }
});

it("are not given to a durable that somebody reads without one, unless that is allowed", async () => {
  const server = await parcelServer(natsUrl);
  await server.provision(parcels());
  const log = openLog({ service: "test", level: "silent", file: undefined });
  const broker = openBroker({ servers: [natsUrl], name: "test", log });
  const taken: number[] = [];
  broker.subscribe({ stream: STREAM, durable: DESK, concurrency: 1, ackWaitMs: 30_000 }, async ({ sequence }) => {
    taken.push(sequence);
    return { kind: "ack" };
  });
  try {
    await expect.poll(async () => (await server.desk()).waitingPulls).toBeGreaterThan(0);
    await expect(server.provision(prioritized)).rejects.toThrow(
      /would get the priority policy prioritized, and somebody reads it.*Deploy the release of its service that knows the policy first.*--allow priority:PARCELS\/desk-parcelSent-v1/,
    );
    expect((await server.desk()).settings.priority).toBeNull();
    await server.provision(prioritized, `priority:${DURABLE}`);
    expect(changeOf(await server.plan(pinned), DURABLE)?.kind).toBe("update");
    await server.publish(SENT, 3);
    // A reader of this release asks the durable what it is, and reads on.
    await expect.poll(() => taken).toEqual([1, 2, 3]);
  } finally {
    await broker.close();
  }
});
