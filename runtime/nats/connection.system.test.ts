import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { natsProcessForTest } from "../../lab/testing/servers.ts";
import { Connection } from "./connection.ts";
import { Publisher } from "./publisher.ts";
import { parseServers } from "./server-addresses.ts";
import { DurableSubscription } from "./subscriber.ts";
import {
  adminForTest,
  brokerForTest,
  durableForTest,
  idOf,
  idsOf,
  outgoing,
  silent,
  streamForTest,
  subscribeForTest,
} from "./tests/fixtures.ts";

const first = await natsProcessForTest();
const second = await natsProcessForTest();
const guarded = await natsProcessForTest({
  config: `
    jetstream {}
    accounts: { APP: { jetstream: enabled, users: [
      { user: owner, password: "p:ss w@rd" },
      { user: reader, password: reader, permissions: {
          publish: { allow: [
            "orders.read", "$JS.API.CONSUMER.INFO.GUARDED.mine", "$JS.API.CONSUMER.MSG.NEXT.GUARDED.mine", "$JS.ACK.GUARDED.mine.>",
            "$JS.API.CONSUMER.INFO.GUARDED.half"
          ] },
          subscribe: { allow: ["_INBOX_reader.>"] } } } ] } }
  `,
});
const as = (user: string, password: string) =>
  `nats://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${guarded.port}`;
const owner = as("owner", "p:ss w@rd");

/** Takes connections on the port of a server that is down, hangs up on each, and counts them. */
async function hangUpOn(port: number): Promise<{ count: number; close(): Promise<void> }> {
  const counter = { count: 0, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
  const server = createServer((socket) => {
    counter.count += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return counter;
}

describe("dialling", () => {
  it("comes back to the server in growing steps, not ever later because it was asked about its delay", async () => {
    const broker = brokerForTest(first.url, { backoff: { baseMs: 20, capMs: 300_000 } });
    await eventually(() => broker.state.kind === "connected");
    await first.kill();
    const dials = await hangUpOn(first.port);
    await eventually(() => dials.count >= 6);
    await dials.close();
    await first.restart();
    await eventually(() => broker.state.kind === "connected");
  });
});

describe("the state", () => {
  it("is connecting before the server is up, with the reason, and connected once it is", async () => {
    await first.kill();
    const broker = brokerForTest(first.url);
    expect(broker.state).toMatchObject({ kind: "connecting", attempt: 1 });
    await eventually(() => expect(broker.state).toMatchObject({ kind: "connecting", lastError: "connection refused" }));
    await eventually(() => broker.state.kind === "connecting" && broker.state.attempt > 2);

    await first.restart();
    await eventually(() => expect(broker.state).toEqual({ kind: "connected", server: `127.0.0.1:${first.port}` }));
  });

  it("is disconnected while the server is away, and connected when it is back, again and again", async () => {
    const broker = brokerForTest(first.url);
    await eventually(() => broker.state.kind === "connected");
    for (let outage = 0; outage < 3; outage += 1) {
      await first.kill();
      await eventually(() => expect(broker.state).toMatchObject({ kind: "disconnected", since: expect.any(Number) }));
      await first.restart();
      await eventually(() => broker.state.kind === "connected");
    }
  });

  it("moves to another server when its own is shutting down", async () => {
    const broker = brokerForTest(first.url, { servers: [first.url] });
    await eventually(() => broker.state.kind === "connected");
    const both = brokerForTest(first.url, { servers: [first.url, second.url] });
    await eventually(() => both.state.kind === "connected");
    const here = both.state.kind === "connected" && both.state.server.endsWith(String(first.port)) ? first : second;
    const there = here === first ? second : first;

    process.kill(here.pid, "SIGUSR2");
    await eventually(() => expect(both.state).toEqual({ kind: "connected", server: `127.0.0.1:${there.port}` }));

    await here.kill();
    await here.restart();
    await eventually(() => broker.state.kind === "connected");
  });

  it("is closed for good when the signal aborts", async () => {
    const stopping = new AbortController();
    const broker = brokerForTest(first.url, { signal: stopping.signal });
    await eventually(() => broker.state.kind === "connected");
    stopping.abort();
    await eventually(() => expect(broker.state).toEqual({ kind: "closed", lastError: undefined }));
    const late = brokerForTest(first.url, { signal: stopping.signal });
    await eventually(() => late.state.kind === "closed");
  });
});

describe("a client that gives up", () => {
  it("is replaced, and publishers and subscriptions go on with the new one", async () => {
    const admin = await adminForTest(first.url);
    const stream = await streamForTest(admin);
    const durable = await durableForTest(admin, stream);
    const shared = { inboxPrefix: undefined, random: Math.random, log: silent };
    const backoff = { baseMs: 20, capMs: 100 };
    const connection = new Connection({ ...shared, addresses: parseServers([first.url]), name: "test", backoff });
    onTestFinished(() => connection.close());
    const publisher = new Publisher(connection, { ...shared, deadlineMs: 5_000, window: 8 });
    const read: string[] = [];
    const subscription = new DurableSubscription(
      connection,
      shared,
      { stream, durable, concurrency: 2, ackWaitMs: 30_000 },
      async (delivery) => {
        read.push(idOf(delivery));
        return { kind: "ack" };
      },
    );
    onTestFinished(() => subscription.stop());
    await publisher.publish(outgoing(`${stream}.a`, "before"));
    await eventually(() => read.length === 1);

    const old = connection.current;
    await old?.close();
    await publisher.publish(outgoing(`${stream}.a`, "after"));

    await eventually(() => expect(read).toEqual(["before", "after"]));
    expect(connection.current).not.toBe(old);
    await publisher.close(1_000);
  });
});

describe("a login", () => {
  it("is taken from the URL", async () => {
    const broker = brokerForTest(owner);
    await eventually(() => broker.state.kind === "connected");
  });

  it("that is refused is tried again for ever, with the server's words", async () => {
    const broker = brokerForTest(as("owner", "wrong"));
    await eventually(() => broker.state.kind === "connecting" && broker.state.attempt > 3);
    expect(broker.state).toMatchObject({
      kind: "connecting",
      lastError: expect.stringMatching(/authorization violation/i),
    });
  });

  it("that is refused when it comes back is tried on, and what was published meanwhile is stored once", async () => {
    const broker = brokerForTest(owner);
    const admin = await adminForTest(owner);
    const stream = await streamForTest(admin);
    const durable = await durableForTest(admin, stream);
    const { subscription, deliveries } = subscribeForTest(broker, { stream, durable });
    await broker.publish(outgoing(`${stream}.a`, "before"));

    const file = join(guarded.directory, "nats.conf");
    const config = await readFile(file, "utf8");
    onTestFinished(() => writeFile(file, config));
    const refusals = async () =>
      (await readFile(join(guarded.directory, "nats-server.log"), "utf8")).split("authentication error").length;
    const refusedBefore = await refusals();
    await writeFile(file, config.replace("p:ss w@rd", "another"));
    await guarded.restart();
    await eventually(() => broker.state.kind === "disconnected" && /authorization/i.test(broker.state.lastError ?? ""));
    const meanwhile = broker.publish(outgoing(`${stream}.a`, "meanwhile"));
    // By default the client gives up at the second refusal in a row.
    await eventually(async () => (await refusals()) > refusedBefore + 3);
    await writeFile(file, config);
    await guarded.restart();

    expect(await meanwhile).toEqual({ stream, sequence: 2, duplicate: false });
    await eventually(() => expect(idsOf(deliveries)).toEqual(["before", "meanwhile"]));
    expect(subscription.problem).toBeUndefined();
  });

  it("with few permissions publishes what it may, is told at once what it may not, and reads its own durable", async () => {
    const admin = await adminForTest(owner);
    await admin.createStream("GUARDED", { subjects: ["orders.>"], atomicBatches: true });
    await admin.createDurable("GUARDED", "mine", {});
    await admin.createDurable("GUARDED", "half", {});
    const broker = brokerForTest(as("reader", "reader"), { inboxPrefix: "_INBOX_reader" });

    await expect(broker.publish(outgoing("orders.read", "e1"))).resolves.toMatchObject({ sequence: 1 });
    const refused = {
      code: "PUBLISH_REFUSED",
      message: expect.stringMatching(/^orders\.refused: .*Permissions Violation/),
    };
    const [allowed, forbidden] = [outgoing("orders.read", "e3"), outgoing("orders.refused", "e2")];
    await expect(broker.publish(forbidden)).rejects.toMatchObject(refused);
    await expect(broker.publishBatch([forbidden, allowed])).rejects.toMatchObject(refused);
    await expect(broker.publishBatch([allowed, forbidden])).rejects.toMatchObject(refused);
    expect(await admin.stream("GUARDED")).toMatchObject({ messages: 1 });

    const read: string[] = [];
    const ack = async (delivery: { readonly data: Uint8Array }) => (
      read.push(idOf(delivery)),
      { kind: "ack" as const }
    );
    const options = { stream: "GUARDED", concurrency: 1, ackWaitMs: 30_000 };
    const mine = broker.subscribe({ ...options, durable: "mine" }, ack);
    await eventually(() => expect(read).toEqual(["e1"]));
    expect(mine.problem).toBeUndefined();
    const others = broker.subscribe({ ...options, durable: "theirs" }, ack);
    const half = broker.subscribe({ ...options, durable: "half" }, ack);
    await eventually(() => expect(others.problem).toMatch(/may not read durable theirs.*Permissions Violation.*INFO/));
    await eventually(() => expect(half.problem).toMatch(/may not read durable half.*Permissions Violation.*NEXT/));
    await Promise.all([mine, others, half].map((subscription) => subscription.stop()));
    expect(await admin.durable("GUARDED", "mine")).toMatchObject({ pending: 0, ackPending: 0 });
  });

  it("that may not subscribe to its inbox learns why nothing is acknowledged", async () => {
    const broker = brokerForTest(as("reader", "reader"), { publishDeadlineMs: 400 });
    await expect(broker.publish(outgoing("orders.read", "e3"))).rejects.toMatchObject({
      code: "PUBLISH_UNCONFIRMED",
      message: expect.stringMatching(/no acknowledgement can arrive: .*allow this login to subscribe to its inbox/),
    });
  });
});
