import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { natsForTest, natsServerForTest } from "../../lab/testing/servers.ts";
import { adminForTest, brokerForTest, fill, idOf, outgoing, streamForTest } from "./tests/fixtures.ts";

const nats = await natsForTest();
const fragile = await natsServerForTest();

describe("publish", () => {
  it("stores the message and tells where", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    const broker = brokerForTest(nats.url);
    const before = Date.now();

    const first = await broker.publish(outgoing(`${stream}.a`, "e1:1", { "ce-id": "e1", "correlation-id": "größe" }));
    const second = await broker.publish(outgoing(`${stream}.b`, "e2:1"));

    expect(first).toEqual({ stream, sequence: 1, duplicate: false });
    expect(second).toEqual({ stream, sequence: 2, duplicate: false });
    const stored = await admin.message(stream, 1);
    expect(stored).toMatchObject({ stream, sequence: 1, subject: `${stream}.a` });
    expect({ ...stored?.headers }).toEqual({ "Nats-Msg-Id": "e1:1", "ce-id": "e1", "correlation-id": "größe" });
    expect(stored?.storedAt).toBeGreaterThan(before - 1_000);
  });

  it("stores one message for two publishes of one id", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    const broker = brokerForTest(nats.url);

    await broker.publish(outgoing(`${stream}.a`, "same"));
    const again = await broker.publish(outgoing(`${stream}.a`, "same"));

    expect(again).toEqual({ stream, sequence: 1, duplicate: true });
    expect(await admin.stream(stream)).toMatchObject({ messages: 1 });
  });

  it("keeps the order of the calls when they exceed the window", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    const broker = brokerForTest(nats.url, { publishWindow: 7 });

    await fill(broker, stream, 500);

    const ids: string[] = [];
    for await (const message of admin.readStream(stream, { follow: false })) ids.push(idOf(message));
    expect(ids).toEqual(Array.from({ length: 500 }, (_, id) => String(id)));
  });
});

describe("an outage", () => {
  it("holds what is published while the server is down, and stores each once", async () => {
    const admin = await adminForTest(fragile.url);
    const stream = await streamForTest(admin);
    const broker = brokerForTest(fragile.url);
    await broker.publish(outgoing(`${stream}.a`, "before"));

    await fragile.kill();
    await eventually(() => broker.state.kind === "disconnected");
    const published = fill(broker, stream, 50);
    await fragile.restart();
    await published;

    expect(await admin.stream(stream)).toMatchObject({ messages: 51, lastSequence: 51 });
  });

  it("sends again what was on its way when the server died, and stores each once", async () => {
    const admin = await adminForTest(fragile.url);
    const stream = await streamForTest(admin);
    const broker = brokerForTest(fragile.url, { publishWindow: 64 });
    let acknowledged = 0;
    const ids = Array.from({ length: 3_000 }, (_, id) => String(id));
    const published = Promise.all(
      ids.map(async (id) => {
        await broker.publish(outgoing(`${stream}.a`, id));
        acknowledged += 1;
      }),
    );

    await eventually(() => acknowledged >= 300, { intervalMs: 1 });
    await fragile.kill();
    expect(acknowledged).toBeLessThan(ids.length);
    await fragile.restart();
    await published;

    const stored: string[] = [];
    for await (const message of admin.readStream(stream, { follow: false })) stored.push(idOf(message));
    expect(stored).toHaveLength(ids.length);
    expect(new Set(stored)).toEqual(new Set(ids));
  });
});

describe("refusals", () => {
  it("says at the deadline that no stream takes the subject, or its stream has no leader", async () => {
    const broker = brokerForTest(nats.url, { publishDeadlineMs: 300 });
    await expect(broker.publish(outgoing("nobody.takes.this", "e1"))).rejects.toMatchObject({
      code: "PUBLISH_UNCONFIRMED",
      message: expect.stringMatching(/^nobody\.takes\.this: .*npm run ops -- provision.*no leader.*with the same id/),
    });
  });

  it("stores a message whose stream is provisioned before the deadline", async () => {
    const admin = await adminForTest(nats.url);
    const broker = brokerForTest(nats.url);
    const published = broker.publish(outgoing("late.a", "e1"));
    await admin.createStream("LATE", { subjects: ["late.>"] });
    await expect(published).resolves.toMatchObject({ stream: "LATE", sequence: 1 });
  });

  it("says at the deadline that there is no connection", async () => {
    const broker = brokerForTest("nats://127.0.0.1:1", { publishDeadlineMs: 200 });
    await expect(broker.publish(outgoing("a", "e1"))).rejects.toMatchObject({
      code: "PUBLISH_UNCONFIRMED",
      message: expect.stringMatching(/NATS is connecting/),
    });
  });

  it.each(["orders.*", "orders.>", "orders..created", "orders created", "", "$JS.API.INFO"])(
    "refuses the subject %j before it is sent",
    async (subject) => {
      const broker = brokerForTest(nats.url);
      await expect(broker.publish(outgoing(subject, "e1"))).rejects.toMatchObject({ code: "PUBLISH_REFUSED" });
    },
  );

  it("refuses a header that commands the server", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    const broker = brokerForTest(nats.url);
    await broker.publish(outgoing(`${stream}.a`, "kept"));

    const purging = broker.publish(outgoing(`${stream}.a`, "e1", { "nats-rollup": "all" }));

    await expect(purging).rejects.toMatchObject({
      code: "PUBLISH_REFUSED",
      message: expect.stringMatching(/nats-rollup/),
    });
    expect(await admin.stream(stream)).toMatchObject({ messages: 1 });
  });

  it("refuses what the server or the stream finds too large, with the sizes or the broker's words", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin, { maxMessageBytes: 1_000 });
    const broker = brokerForTest(nats.url);
    await broker.publish(outgoing(`${stream}.a`, "small"));
    const sized = (bytes: number) =>
      broker.publish({ ...outgoing(`${stream}.a`, `of ${bytes}`), data: new Uint8Array(bytes) });

    await expect(sized(2_000)).rejects.toMatchObject({
      code: "PUBLISH_REFUSED",
      message: expect.stringMatching(/NATS error 10054/),
    });
    await expect(sized(2_000_000)).rejects.toMatchObject({
      code: "PUBLISH_REFUSED",
      message: expect.stringMatching(/max_payload.*200\d{4} bytes.*1048576/),
    });
  });

  it("goes on after refusing thousands of messages in a row", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    const broker = brokerForTest(nats.url, { publishWindow: 4 });
    await broker.publish(outgoing(`${stream}.a`, "first"));
    const tooLarge = new Uint8Array(2_000_000);
    const refused = Array.from({ length: 20_000 }, (_, id) =>
      broker.publish({ ...outgoing(`${stream}.a`, `large ${id}`), data: tooLarge }),
    );

    const outcomes = await Promise.allSettled(refused);

    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    await expect(broker.publish(outgoing(`${stream}.a`, "last"))).resolves.toMatchObject({ sequence: 2 });
  });

  it("waits for a full stream, and stores the message when there is room", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin, { maxMessages: 1, discard: "new" });
    const impatient = brokerForTest(nats.url, { publishDeadlineMs: 300 });
    await impatient.publish(outgoing(`${stream}.a`, "fills it"));
    await expect(impatient.publish(outgoing(`${stream}.a`, "too late"))).rejects.toMatchObject({
      code: "PUBLISH_UNCONFIRMED",
      message: expect.stringMatching(/maximum messages exceeded.*10077/),
    });

    const waiting = brokerForTest(nats.url).publish(outgoing(`${stream}.a`, "waits"));
    await admin.purgeStream(stream);
    await expect(waiting).resolves.toMatchObject({ duplicate: false });
  });
});

describe("close", () => {
  it("waits for what is outstanding, and refuses what comes after", async () => {
    const admin = await adminForTest(nats.url);
    const stream = await streamForTest(admin);
    const broker = brokerForTest(nats.url);
    const outstanding = fill(broker, stream, 1_000);

    const closed = broker.close();
    await expect(broker.publish(outgoing(`${stream}.a`, "late"))).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    await closed;

    await outstanding;
    expect(await admin.stream(stream)).toMatchObject({ messages: 1_000 });
    expect(broker.state.kind).toBe("closed");
  });

  it("gives up at its limit and says so to each publisher", async () => {
    const broker = brokerForTest("nats://127.0.0.1:1", { closeLimitMs: 50, publishWindow: 1 });
    const outcomes = Promise.allSettled([broker.publish(outgoing("a", "e1")), broker.publish(outgoing("a", "e2"))]);
    await broker.close();
    expect(await outcomes).toMatchObject([
      { status: "rejected", reason: { code: "CONNECTION_CLOSED" } },
      { status: "rejected", reason: { code: "CONNECTION_CLOSED" } },
    ]);
  });
});
