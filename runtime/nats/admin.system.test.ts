import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { natsForTest, natsServerForTest } from "../../lab/testing/servers.ts";
import { openAdmin } from "./admin.ts";
import { DURABLE_DEFAULTS, STREAM_DEFAULTS } from "./admin-settings.ts";
import type { DurableSettings, StreamSettings } from "./admin-shapes.ts";
import {
  adminForTest,
  brokerForTest,
  durableForTest,
  fill,
  idOf,
  outgoing,
  streamForTest,
  subscribeForTest,
} from "./tests/fixtures.ts";

const nats = await natsForTest();
const fragile = await natsServerForTest();
const withoutJetStream = await natsServerForTest({
  config: "accounts: { APP: { users: [{ user: a, password: a }] } }",
});

describe("openAdmin", () => {
  it("tells what answered", async () => {
    const { server } = await adminForTest(nats.url);
    expect(server.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(server.apiLevel).toBeGreaterThanOrEqual(2);
    expect(server.maxPayload).toBeGreaterThan(0);
  });

  it("says what was tried and what to do when nothing answers", async () => {
    await expect(openAdmin({ servers: ["nats://127.0.0.1:1"], deadlineMs: 300 })).rejects.toMatchObject({
      code: "BROKER_UNREACHABLE",
      message: expect.stringMatching(/127\.0\.0\.1:1 within 300 ms: connection refused.*set NATS_URL/),
    });
  });

  it("waits for no server any more when it is told to stop", async () => {
    const stop = new AbortController();
    // An hour: only the signal can end it in the time of a test.
    const opening = openAdmin({ servers: ["nats://127.0.0.1:1"], deadlineMs: 3_600_000, signal: stop.signal });
    stop.abort();
    await expect(opening).rejects.toMatchObject({ code: "BROKER_UNREACHABLE" });
  });

  it("says when there is no JetStream for the login", async () => {
    const url = `nats://a:a@127.0.0.1:${withoutJetStream.port}`;
    await expect(openAdmin({ servers: [url], deadlineMs: 1_000 })).rejects.toMatchObject({
      code: "BROKER_REFUSED",
      message: expect.stringMatching(
        /looking for JetStream: JetStream not enabled for account \(NATS error 10039\): start the server/,
      ),
    });
  });
});

describe("streams", () => {
  const settings: StreamSettings = {
    ...STREAM_DEFAULTS,
    description: "orders",
    subjects: ["full.a.>", "full.b"],
    storage: "memory",
    discard: "new",
    maxAgeMs: 86_400_000,
    maxBytes: 10_000_000,
    maxMessages: 1_000,
    maxMessageBytes: 10_000,
    duplicateWindowMs: 60_000,
    atomicBatches: true,
    directGet: true,
    denyDelete: true,
    denyPurge: false,
    metadata: { owner: "order" },
  };

  it("are made with every setting, which the server says back", async () => {
    const admin = await adminForTest(nats.url);
    const created = await admin.createStream("FULL", settings);
    expect(created).toMatchObject({ name: "FULL", settings, messages: 0, consumers: 0 });
    // Who stores it is known once it is stored.
    const found = await admin.stream("FULL");
    expect(found).toEqual({ ...created, peers: [{ server: expect.any(String), current: true }] });
    expect(await admin.streams()).toContainEqual(expect.objectContaining(created));
  });

  it("have the defaults that are written down", async () => {
    const admin = await adminForTest(nats.url);
    const { settings: echoed } = await admin.createStream("PLAIN", { subjects: ["plain.>"] });
    expect(echoed).toEqual({ ...STREAM_DEFAULTS, subjects: ["plain.>"] });
  });

  it("are made once, changed in part, and refused with the broker's words", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin, { maxAgeMs: 3_600_000, metadata: { owner: "order" } });
    await expect(admin.createStream(stream, { subjects: [`${stream}.>`], storage: "memory" })).rejects.toMatchObject({
      code: "BROKER_REFUSED",
      message: expect.stringMatching(/creating stream S\d+: .*different configuration \(NATS error 10058\)/),
    });
    const { settings: updated } = await admin.updateStream(stream, { maxMessages: 7 });
    expect(updated).toMatchObject({ maxMessages: 7, maxAgeMs: 3_600_000, metadata: { owner: "order" } });
    await expect(admin.updateStream("NONE", { maxMessages: 7 })).rejects.toMatchObject({ code: "BROKER_REFUSED" });
  });

  it("are purged and deleted", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    const broker = brokerForTest(nats.url);
    await fill(broker, stream, 5);
    await broker.publish(outgoing(`${stream}.b`, "b"));

    expect(await admin.purgeStream(stream, { subject: `${stream}.b` })).toBe(1);
    expect(await admin.purgeStream(stream, { keep: 2 })).toBe(3);
    expect(await admin.stream(stream)).toMatchObject({ messages: 2, firstSequence: 4, lastSequence: 6 });
    expect(await admin.deleteStream(stream)).toBe(true);
    expect(await admin.deleteStream(stream)).toBe(false);
    expect(await admin.stream(stream)).toBeUndefined();
  });
});

describe("durables", () => {
  it("are made with every setting, found, changed, and deleted", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    const asked: DurableSettings = {
      description: "reads a",
      filterSubjects: [`${stream}.a`, `${stream}.b`],
      deliverFrom: "new",
      ackWaitMs: 30_000,
      maxDeliver: 7,
      maxAckPending: 200,
      priority: { policy: "pinned", timeoutMs: 20_000 },
      replicas: 1,
      metadata: { service: "inventory" },
    };
    const created = await admin.createDurable(stream, "d", asked);
    expect(created).toMatchObject({ stream, name: "d", durable: true, settings: asked, pending: 0, pausedForMs: 0 });
    expect(await admin.createDurable(stream, "d", asked)).toMatchObject({ settings: asked });
    await expect(admin.createDurable(stream, "d", { ...asked, maxDeliver: 8 })).rejects.toMatchObject({
      code: "BROKER_REFUSED",
      message: expect.stringMatching(/10148/),
    });

    const updated = await admin.updateDurable(stream, "d", { filterSubjects: [`${stream}.a`], maxDeliver: 8 });
    expect(updated.settings).toEqual({ ...asked, filterSubjects: [`${stream}.a`], maxDeliver: 8 });
    expect((await admin.durables(stream)).map(({ name }) => name)).toEqual(["d"]);
    expect(await admin.deleteDurable(stream, "d")).toBe(true);
    expect(await admin.deleteDurable(stream, "d")).toBe(false);
    expect(await admin.durable(stream, "d")).toBeUndefined();
    expect(await admin.durable("NONE", "d")).toBeUndefined();
  });

  it("have the defaults that are written down", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    expect((await admin.createDurable(stream, "d", {})).settings).toEqual(DURABLE_DEFAULTS);
  });

  it("show their lag and whether anybody reads", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    const durable = await durableForTest(admin, stream);
    const broker = brokerForTest(nats.url);
    await fill(broker, stream, 3);
    await eventually(async () =>
      expect(await admin.durable(stream, durable)).toMatchObject({ pending: 3, ackPending: 0, waitingPulls: 0 }),
    );
    subscribeForTest(broker, { stream, durable });
    await eventually(async () => {
      const info = await admin.durable(stream, durable);
      expect(info).toMatchObject({ pending: 0, ackPending: 0, deliveredSequence: 3 });
      expect(info?.waitingPulls).toBeGreaterThan(0);
    });
  });
});

describe("messages", () => {
  it("are published with their headers, once for one id, and refused when nobody could take them", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    const message = outgoing(`${stream}.a`, "e1", { "ce-id": "e1" });
    expect(await admin.publish(message)).toEqual({ stream, sequence: 1, duplicate: false });
    expect(await admin.publish(message)).toEqual({ stream, sequence: 1, duplicate: true });
    expect((await admin.message(stream, 1))?.headers).toMatchObject({ "ce-id": "e1" });
    await expect(admin.publish(outgoing(`${stream}.*`, "e2"))).rejects.toMatchObject({ code: "PUBLISH_REFUSED" });
  });

  it("are read one by one, undefined where there is none", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    await brokerForTest(nats.url).publish(outgoing(`${stream}.a`, "e1", { "ce-id": "e1" }));
    const message = await admin.message(stream, 1);
    expect(message).toMatchObject({ stream, sequence: 1, subject: `${stream}.a` });
    expect(message?.headers["ce-id"]).toBe("e1");
    expect(message && idOf(message)).toBe("e1");
    expect(await admin.message(stream, 2)).toBeUndefined();
  });

  it("are read in order from a sequence and of the subjects asked for, and no consumer is left behind", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    const broker = brokerForTest(nats.url);
    await fill(broker, stream, 1_200);
    await broker.publish(outgoing(`${stream}.b`, "b"));
    const read = async (options: Parameters<typeof admin.readStream>[1]) => {
      const ids: string[] = [];
      for await (const message of admin.readStream(stream, { follow: false, ...options })) ids.push(idOf(message));
      return ids;
    };

    expect(await read({})).toEqual([...Array.from({ length: 1_200 }, (_, id) => String(id)), "b"]);
    expect(await read({ from: 1_199 })).toEqual(["1198", "1199", "b"]);
    expect(await read({ subjects: [`${stream}.b`] })).toEqual(["b"]);
    expect(await read({ subjects: [`${stream}.none`] })).toEqual([]);
    expect(await read({ from: 5_000 })).toEqual([]);
    expect(await admin.durables(stream)).toEqual([]);
    await expect(admin.readStream("NONE")[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "BROKER_REFUSED",
    });
  });

  it("are followed until the signal aborts, over a restart of the server", async () => {
    const admin = await adminForTest(fragile.url);
    const stream = await streamForTest(admin);
    const broker = brokerForTest(fragile.url);
    const stopping = new AbortController();
    const ids: string[] = [];
    const reading = (async () => {
      for await (const message of admin.readStream(stream, { signal: stopping.signal })) ids.push(idOf(message));
    })();
    await broker.publish(outgoing(`${stream}.a`, "before"));
    await eventually(() => expect(ids).toEqual(["before"]));

    await fragile.kill();
    await fragile.restart();
    await broker.publish(outgoing(`${stream}.a`, "after"));

    await eventually(() => expect(ids).toEqual(["before", "after"]));
    stopping.abort();
    await reading;
    expect(await admin.durables(stream)).toEqual([]);
  });
});

describe("a command", () => {
  it("waits for a server that is just coming back", async () => {
    const admin = await adminForTest(fragile.url);
    const stream = await streamForTest(admin);
    await fragile.kill();
    const looking = admin.stream(stream);
    await fragile.restart();
    await expect(looking).resolves.toMatchObject({ name: stream });
  });

  it("says that the server is away", async () => {
    const admin = await openAdmin({ servers: [fragile.url], deadlineMs: 500 });
    onTestFinished(() => admin.close());
    await fragile.kill();
    await expect(admin.streams()).rejects.toMatchObject({
      code: "BROKER_UNREACHABLE",
      message: expect.stringMatching(/listing the streams: NATS did not answer within 500 ms/),
    });
    await fragile.restart();
  });
});
