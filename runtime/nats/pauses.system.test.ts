import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { natsForTest, natsServerForTest } from "../../lab/testing/servers.ts";
import { openAdmin } from "./admin.ts";
import {
  adminForTest,
  brokerForTest,
  durableForTest,
  fill,
  outgoing,
  streamForTest,
  subscribeForTest,
} from "./tests/fixtures.ts";

const nats = await natsForTest();
const HOUR_MS = 3_600_000;

async function prepareForTest(url: string) {
  const admin = await adminForTest(url);
  const stream = await streamForTest(admin);
  return { admin, stream, durable: await durableForTest(admin, stream), broker: brokerForTest(url) };
}

async function connectedBroker(url: string) {
  const broker = brokerForTest(url);
  await eventually(() => broker.state.kind === "connected");
  return broker;
}

describe("a paused durable", () => {
  it("delivers nothing, is read without a problem, and goes on when it is resumed", async () => {
    const { admin, stream, durable, broker } = await prepareForTest(nats.url);
    const { subscription, deliveries } = subscribeForTest(broker, { stream, durable });
    await eventually(() => subscription.problem === undefined);
    const until = Date.now() + HOUR_MS;
    expect(await broker.pauses.pause(stream, durable, until)).toBe(true);
    await fill(broker, stream, 10);
    // Messages of a stream reach a durable in order: one that is not paused shows that this one had its chance.
    const other = `${durable}-other`;
    await admin.createDurable(stream, other, {});
    const { deliveries: others } = subscribeForTest(broker, { stream, durable: other });
    await eventually(() => others.length === 10);
    expect([deliveries.length, subscription.problem]).toEqual([0, undefined]);
    await broker.pauses.resume(stream, durable, until);
    await eventually(() => deliveries.length === 10);
    expect(deliveries.every(({ deliveryCount }) => deliveryCount === 1)).toBe(true);
  });

  it("is never paused for a shorter time, and not resumed by who did not pause it for so long", async () => {
    const { admin, stream, durable, broker } = await prepareForTest(nats.url);
    await eventually(() => broker.state.kind === "connected");
    const until = Date.now() + HOUR_MS;
    const remaining = async () => (await admin.durable(stream, durable))?.pausedForMs ?? 0;
    await broker.pauses.pause(stream, durable, until);
    expect(await broker.pauses.pause(stream, durable, until - HOUR_MS / 2)).toBe(false);
    expect(await remaining()).toBeGreaterThan(HOUR_MS / 2);
    await broker.pauses.resume(stream, durable, until - 1);
    expect(await remaining()).toBeGreaterThan(HOUR_MS / 2);
    expect(await broker.pauses.pause(stream, durable, until + HOUR_MS)).toBe(true);
    await broker.pauses.resume(stream, durable, until + HOUR_MS);
    expect(await remaining()).toBe(0);
  });

  it("is heard of by all who watch it: when it is paused, resumed, and after a connection that was away", async () => {
    const server = await natsServerForTest();
    const { stream, durable, broker } = await prepareForTest(server.url);
    const watching = await connectedBroker(server.url);
    let news = 0;
    watching.pauses.watch(stream, durable, () => (news += 1));
    const until = Date.now() + HOUR_MS;
    await eventually(async () => {
      // The watcher's subscription is with the server when its first advisory comes.
      await broker.pauses.pause(stream, durable, until + news);
      await broker.pauses.resume(stream, durable, until + HOUR_MS);
      return news >= 2;
    });
    const heard = news;
    await server.kill();
    await eventually(() => watching.state.kind !== "connected");
    await server.restart();
    await eventually(() => news > heard, { deadlineMs: 15_000 });
  });
});

it("a suspended subscription asks for no more, and keeps what it has", async () => {
  const { stream, durable, broker } = await prepareForTest(nats.url);
  const { subscription, deliveries } = subscribeForTest(broker, { stream, durable, concurrency: 1 });
  await eventually(() => subscription.problem === undefined);
  subscription.suspend();
  await fill(broker, stream, 20);
  // What was asked for before may come: no more than the subscription may have in hand.
  await eventually(() => deliveries.length === 2);
  const other = await connectedBroker(nats.url);
  const { deliveries: rest } = subscribeForTest(other, { stream, durable });
  await eventually(() => deliveries.length + rest.length === 20);
  expect(deliveries).toHaveLength(2);
  subscription.resume();
  await broker.publish(outgoing(`${stream}.a`, "one more"));
  await eventually(() => deliveries.length + rest.length === 21);
});

it("says that a login may not pause", async () => {
  const server = await natsServerForTest({
    config: `authorization { users: [
      { user: owner, password: owner },
      { user: service, password: service, permissions: { publish: { deny: ["$JS.API.CONSUMER.PAUSE.>"] } } }
    ] }`,
  });
  const as = (name: string): string => server.url.replace("nats://", `nats://${name}:${name}@`);
  await using admin = await closing(as("owner"));
  await admin.createStream("GUARDED", { subjects: ["guarded.>"] });
  await admin.createDurable("GUARDED", "reader", {});
  const broker = await connectedBroker(as("service"));
  await expect(broker.pauses.pause("GUARDED", "reader", Date.now() + HOUR_MS)).rejects.toMatchObject({
    code: "BROKER_REFUSED",
    message: expect.stringMatching(/^pausing durable reader of GUARDED: .*Permissions Violation/),
  });
  await expect(broker.pauses.pause("GUARDED", "missing", Date.now() + HOUR_MS)).rejects.toMatchObject({
    code: "BROKER_UNREACHABLE",
  });
});

async function closing(url: string) {
  const admin = await openAdmin({ servers: [url] });
  return Object.assign(admin, { [Symbol.asyncDispose]: async () => admin.close() });
}
