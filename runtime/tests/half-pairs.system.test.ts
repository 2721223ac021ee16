import { afterAll, describe, expect, inject, it } from "vitest";
import { startNatsCluster } from "../../lab/servers/nats-cluster.ts";
import type { NatsServer } from "../../lab/servers/nats-server.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsServerForTest } from "../../lab/testing/servers.ts";
import { relayUntilKilled } from "./relay-process.ts";
import { cause } from "./things-rig.ts";
import { versionsRig } from "./versions-rig.ts";

const alone = await natsServerForTest();
const { natsBinary } = inject("servers");
const cluster = await startNatsCluster(natsBinary === null ? {} : { binary: natsBinary });
afterAll(async () => cluster.stop());
const database = await databaseForTest();

const single = { name: "R1", url: () => alone.url, settings: { replicas: 1 } };
const replicated = {
  name: "R3",
  url: () => cluster.nodes[0]?.url ?? "",
  settings: { replicas: 3, atomicBatches: true },
};
const FACTS = 12;

type Rig = Awaited<ReturnType<typeof versionsRig>>;

/** Commits facts of as many keys, in both versions, that nobody publishes yet. */
async function commitFacts(rig: Rig): Promise<void> {
  const maker = await rig.start(rig.release().writesV2, { handlers: {}, env: { NATS_URL: "nats://127.0.0.1:1" } });
  await maker.context.transact(cause, async ({ publish }) => {
    for (let index = 0; index < FACTS; index += 1) {
      publish.thingMade({ thing_id: `t-${index % 4}`, amount: index + 1, colour: "red" });
    }
  });
  await maker.stop();
}

const relayOf = (rig: Rig) => ({ DATABASE_URL: rig.databaseUrl, RELAY_SOURCE: rig.maker });

/** The message ids in the stream, by event id. */
async function pairs(rig: Rig): Promise<Map<string, string[]>> {
  const byEvent = new Map<string, string[]>();
  for (const { headers } of await rig.stored()) {
    const eventId = headers["ce-id"] ?? "";
    byEvent.set(eventId, [...(byEvent.get(eventId) ?? []), headers["Nats-Msg-Id"] ?? ""]);
  }
  return byEvent;
}

const whole = (eventId: string) => [`${eventId}:2`, `${eventId}:1`];

async function expectAllWhole(rig: Rig, facts = FACTS): Promise<void> {
  const stored = await pairs(rig);
  expect(stored.size).toBe(facts);
  for (const [eventId, ids] of stored) expect(ids).toEqual(whole(eventId));
}

describe.each([single, replicated])("a relay that is killed, on $name", ({ url, settings }) => {
  it("between two versions leaves half a pair, and the next one completes it", async () => {
    const rig = await versionsRig({ natsUrl: url(), databaseUrl: database.url }, settings);
    await commitFacts(rig);
    await relayUntilKilled({ ...relayOf(rig), NATS_URL: url(), KILL_AT: "between-versions" });
    // Otherwise the test would show nothing.
    const halves = [...(await pairs(rig))].filter(([, ids]) => ids.length === 1);
    expect(halves.length).toBeGreaterThan(0);
    for (const [eventId, ids] of halves) expect(ids).toEqual([`${eventId}:2`]);

    await rig.start(rig.release().writesV2, { handlers: {} });
    await rig.settled();
    await expectAllWhole(rig);
  });
});

describe("a relay that is killed, with atomic batches on R3", () => {
  it.each(["batch-sent", "batch-stored"])("leaves no half pair at any time: %s", async (place) => {
    const rig = await versionsRig({ natsUrl: replicated.url(), databaseUrl: database.url }, replicated.settings);
    await commitFacts(rig);
    await relayUntilKilled({
      ...relayOf(rig),
      NATS_URL: replicated.url(),
      KILL_AT: place,
      ATOMIC_BATCHES: "on",
    });
    for (const [eventId, ids] of await pairs(rig)) expect(ids).toEqual(whole(eventId));

    await rig.start(rig.release().writesV2, { handlers: {}, env: { ATOMIC_BATCHES: "on" } });
    await rig.settled();
    await expectAllWhole(rig);
  });

  it("loses no pair and halves none when the leader of the stream dies meanwhile", async () => {
    const rig = await versionsRig({ natsUrl: replicated.url(), databaseUrl: database.url }, replicated.settings);
    const maker = await rig.start(rig.release().writesV2, {
      handlers: {},
      env: { ATOMIC_BATCHES: "on", NATS_URL: cluster.urls.join(",") },
    });
    const leader = await leaderOf(rig.stream);
    let killed: Promise<void> | undefined;
    for (let index = 0; index < FACTS * 10; index += 1) {
      if (index === FACTS) killed = leader.kill();
      await maker.context.transact(cause, async ({ publish }) =>
        publish.thingMade({ thing_id: `t-${index}`, amount: 1, colour: "red" }),
      );
    }
    await killed;
    await rig.settled();
    await leader.restart();
    await cluster.ready();
    // Whoever reads may be served by the restarted node, which has to catch up first.
    const messages = FACTS * 10 * 2;
    await eventually(async () =>
      rig.stored().then(
        ({ length }) => length >= messages,
        () => false,
      ),
    );
    await expectAllWhole(rig, FACTS * 10);
  }, 120_000);
});

/** The node that leads a stream, by what the servers say over HTTP. */
async function leaderOf(stream: string): Promise<NatsServer> {
  for (const [index, node] of cluster.nodes.entries()) {
    const text = await (await fetch(`${node.monitoringUrl}/jsz?streams=true`)).text();
    const leader = new RegExp(`"name":\\s*"${stream}",[^]*?"leader":\\s*"([^"]+)"`).exec(text)?.[1];
    if (leader === `node-${index + 1}`) return node;
  }
  throw new Error(`no node leads ${stream}`);
}

describe("atomic batches on a stream that takes none", () => {
  it("are given up for ordered publishes", async () => {
    const rig = await versionsRig({ natsUrl: alone.url, databaseUrl: database.url });
    await commitFacts(rig);
    await rig.start(rig.release().writesV2, { handlers: {}, env: { ATOMIC_BATCHES: "on" } });
    await rig.settled();
    await expectAllWhole(rig);
  });
});
