/** Bugs that other systems had, each a test of its name: what a breaker does to messages. */
import { expect, it } from "vitest";
import { eventually } from "../../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../../../lab/testing/servers.ts";
import { allOpen, CONCURRENCY, gatewayForTest, publishThings, startReplicas, WINDOW_MS } from "../gateway-replicas.ts";
import { rigsForTests } from "../things-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const openRig = rigsForTests();
const REPLICAS = 3;

it("a breaker that trips mid-flight loses 9 of 1,200", async () => {
  const rig = await openRig({ natsUrl: nats.url, databaseUrl: database.url });
  const gateway = gatewayForTest();
  const replicas = await startReplicas(rig, REPLICAS, gateway);
  const publishing = publishThings(rig, 1_200);
  // Twice, each time with a handler in every slot.
  for (const reached of [200, 700]) {
    await eventually(() => gateway.seen.done.length >= reached);
    gateway.seen.down = true;
    await allOpen(replicas.map(({ dependency }) => dependency));
    const before = gateway.seen.calls.length;
    await eventually(() => gateway.seen.calls.length >= before + 3);
    gateway.seen.down = false;
  }
  const ids = (await publishing).toSorted();
  await rig.settled();
  // Otherwise it never tripped.
  expect(gateway.seen.calls.length).toBeGreaterThan(ids.length);
  expect(gateway.seen.done.toSorted()).toEqual(ids);
  const applied = await rig.rows<{ key: string }>(`select key from "${rig.contract.taker.name}".tandem_inbox`);
  expect(applied.map(({ key }) => key).toSorted()).toEqual(ids);
  const taken = (await rig.stored()).filter(({ subject }) => subject === rig.contract.thingTakenV1.subject);
  expect(taken.map(({ headers }) => String(headers["ce-subject"])).toSorted()).toEqual(ids);
  expect(gateway.seen.deliveries).toBe(1);
  expect(await rig.deadLetters()).toEqual([]);
});

it("half-open lets the whole herd through", async () => {
  const rig = await openRig({ natsUrl: nats.url, databaseUrl: database.url });
  const gateway = gatewayForTest();
  const replicas = await startReplicas(rig, REPLICAS, gateway);
  const { seen } = gateway;
  seen.down = true;
  const ids = await publishThings(rig, 90);
  await allOpen(replicas.map(({ dependency }) => dependency));
  const durable = `${rig.contract.taker.name}-thingMade-v1`;
  await eventually(async () => ((await rig.admin.durable(rig.contract.stream, durable))?.ackPending ?? 0) > 1);
  // The try outlasts the window: whoever does not ask whether one is under way calls as well.
  seen.answerMs = 2 * WINDOW_MS;
  seen.most = 0;
  const before = seen.calls.length;
  await eventually(() => seen.calls.length >= before + 4);
  expect(seen.most).toBe(1);

  seen.down = false;
  seen.answerMs = 2;
  await rig.settled();
  expect(seen.done.toSorted()).toEqual(ids.toSorted());
  expect(seen.most).toBeLessThanOrEqual(REPLICAS * CONCURRENCY);
  expect(await rig.deadLetters()).toEqual([]);
});
