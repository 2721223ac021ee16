import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { natsServerForTest } from "../../lab/testing/servers.ts";
import { openAdmin } from "./admin.ts";
import { adminForTest, brokerForTest, durableForTest, streamForTest } from "./tests/fixtures.ts";

const HOUR_MS = 3_600_000;

async function connectedBroker(url: string) {
  const broker = brokerForTest(url);
  await eventually(() => broker.state.kind === "connected");
  return broker;
}

describe("a paused durable", () => {
  it("is heard of by all who watch it: when it is paused, resumed, and after a connection that was away", async () => {
    const server = await natsServerForTest();
    const admin = await adminForTest(server.url);
    const stream = await streamForTest(admin);
    const durable = await durableForTest(admin, stream);
    const broker = await connectedBroker(server.url);
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
    await eventually(() => news > heard);
  });
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
