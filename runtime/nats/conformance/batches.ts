import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { natsForTest, natsServerForTest } from "../../lab/testing/servers.ts";
import { adminForTest, brokerForTest, idOf, outgoing, streamForTest } from "./tests/fixtures.ts";

const nats = await natsForTest();
const fragile = await natsServerForTest();
const narrow = await natsServerForTest({
  config:
    'authorization { users: [ { user: "a", password: "a", permissions: { publish: { deny: "*.forbidden" } } } ] }',
});

const pair = (stream: string, id: string) => [outgoing(`${stream}.v2`, `${id}:2`), outgoing(`${stream}.v1`, `${id}:1`)];

async function idsOf(admin: Awaited<ReturnType<typeof adminForTest>>, stream: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const message of admin.readStream(stream, { follow: false })) ids.push(idOf(message));
  return ids;
}

describe("publishBatch", () => {
  it("stores all messages in their order, with their own ids, and tells where each is", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin, { atomicBatches: true });
    const broker = brokerForTest(nats.url);
    await broker.publish(outgoing(`${stream}.x`, "before"));

    const acks = await broker.publishBatch(pair(stream, "e1"));

    expect(acks).toEqual([
      { stream, sequence: 2, duplicate: false },
      { stream, sequence: 3, duplicate: false },
    ]);
    expect(await idsOf(admin, stream)).toEqual(["before", "e1:2", "e1:1"]);
    expect((await admin.message(stream, 2))?.headers["Nats-Msg-Id"]).toBe("e1:2");
    expect(await broker.publishBatch([])).toEqual([]);
  });

  it("stores many at once, each whole", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin, { atomicBatches: true, storage: "memory" });
    const broker = brokerForTest(nats.url);
    await Promise.all(Array.from({ length: 200 }, async (_, index) => broker.publishBatch(pair(stream, `e${index}`))));
    const ids = await idsOf(admin, stream);
    expect(new Set(ids).size).toBe(400);
    for (let index = 0; index < ids.length; index += 2) {
      expect(ids[index + 1]).toBe(ids[index]?.replace(/:2$/, ":1"));
    }
  });

  it.each([
    ["all of it", [0, 1]],
    ["the first message", [0]],
    ["the last message", [1]],
  ])("completes what is stored already: %s", async (_, already) => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin, { atomicBatches: true });
    const broker = brokerForTest(nats.url);
    const messages = pair(stream, "e1");
    for (const index of already) await broker.publish(messages[index] ?? outgoing("", ""));

    const acks = await broker.publishBatch(messages);

    expect(acks.map(({ duplicate }) => duplicate)).toEqual([already.includes(0), already.includes(1)]);
    expect((await idsOf(admin, stream)).toSorted()).toEqual(["e1:1", "e1:2"]);
    const stored = await Promise.all(acks.map(async ({ sequence }) => admin.message(stream, sequence)));
    expect(stored.map((message) => message?.headers["Nats-Msg-Id"])).toEqual(["e1:2", "e1:1"]);
  });

  it("is refused where the stream takes no batches, and nothing is stored", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    await expect(brokerForTest(nats.url).publishBatch(pair(stream, "e1"))).rejects.toMatchObject({
      code: "BATCH_UNSUPPORTED",
      message: expect.stringContaining(`${stream}.v1`),
    });
    expect(await admin.stream(stream)).toMatchObject({ messages: 0 });
  });

  it("is refused for good when one message can never be stored", async () => {
    const url = narrow.url.replace("//", "//a:a@");
    const admin = await adminForTest(url);
    const stream = await streamForTest(admin, { atomicBatches: true });
    const broker = brokerForTest(url);
    const good = outgoing(`${stream}.v1`, "e1:1");
    const refused = { code: "PUBLISH_REFUSED" };
    await expect(broker.publishBatch([outgoing(`${stream}.*`, "e1:2"), good])).rejects.toMatchObject(refused);
    await expect(
      broker.publishBatch([outgoing(`${stream}.v2`, "e1:2", { "Nats-Rollup": "all" }), good]),
    ).rejects.toMatchObject(refused);
    const large = { ...outgoing(`${stream}.v2`, "e1:2"), data: new Uint8Array(2_000_000) };
    await expect(broker.publishBatch([large, good])).rejects.toMatchObject(refused);
    await expect(broker.publishBatch([good, large])).rejects.toMatchObject(refused);
    const forbidden = outgoing(`${stream}.forbidden`, "e1:2");
    await expect(broker.publishBatch([forbidden, good])).rejects.toMatchObject(refused);
    await expect(broker.publishBatch([good, forbidden])).rejects.toMatchObject(refused);
    expect(await admin.stream(stream)).toMatchObject({ messages: 0 });
  });

  it("waits for a server that is away, and is stored once", async () => {
    const admin = await adminForTest(fragile.url);
    const stream = await streamForTest(admin, { atomicBatches: true });
    const broker = brokerForTest(fragile.url);
    await broker.publishBatch(pair(stream, "before"));
    await fragile.kill();
    await eventually(() => broker.state.kind === "disconnected");
    const outcome = broker.publishBatch(pair(stream, "during"));
    await fragile.restart();
    const acks = await outcome;
    expect(acks.map(({ sequence }) => sequence)).toEqual([3, 4]);
    const after = await adminForTest(fragile.url);
    expect(await idsOf(after, stream)).toEqual(["before:2", "before:1", "during:2", "during:1"]);
  });

  it("is unconfirmed at the deadline, and over when the broker closes", async () => {
    const lost = brokerForTest("nats://127.0.0.1:1", { publishDeadlineMs: 200 });
    await expect(lost.publishBatch(pair("S", "e1"))).rejects.toMatchObject({ code: "PUBLISH_UNCONFIRMED" });
    const closing = brokerForTest("nats://127.0.0.1:1", { closeLimitMs: 50 });
    const outcome = closing.publishBatch(pair("S", "e1"));
    await Promise.all([expect(outcome).rejects.toMatchObject({ code: "CONNECTION_CLOSED" }), closing.close()]);
    await expect(closing.publishBatch(pair("S", "e2"))).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  });
});
