import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { natsForTest } from "../../lab/testing/servers.ts";
import { brokerForTest, fill, gate, idOf, outgoing, prepareForTest, subscribeForTest } from "./tests/fixtures.ts";

const nats = await natsForTest();

const ids = (deliveries: readonly { readonly data: Uint8Array }[]) => deliveries.map(idOf);
const NOTHING_LEFT = { pending: 0, ackPending: 0 };

describe("settlements", () => {
  it("hands over what was stored, and an acknowledged message never comes again", async () => {
    const { admin, stream, durable, broker, lag } = await prepareForTest(nats.url);
    await broker.publish(outgoing(`${stream}.a`, "e1", { "ce-id": "e1" }));
    const { deliveries } = subscribeForTest(broker, { stream, durable });

    await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));

    const stored = await admin.message(stream, 1);
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]).toMatchObject({
      subject: `${stream}.a`,
      stream,
      durable,
      sequence: 1,
      deliveryCount: 1,
      storedAt: stored?.storedAt,
    });
    expect({ ...deliveries[0]?.headers }).toEqual({ "Nats-Msg-Id": "e1", "ce-id": "e1" });
    expect(ids(deliveries)).toEqual(["e1"]);
  });

  it("delivers again after the delay of a retry, with the count", async () => {
    const { stream, durable, broker, lag } = await prepareForTest(nats.url);
    await broker.publish(outgoing(`${stream}.a`, "e1"));
    const times: number[] = [];
    const { deliveries } = subscribeForTest(broker, { stream, durable }, ({ deliveryCount }) => {
      times.push(performance.now());
      return deliveryCount === 1 ? { kind: "retry", delayMs: 300 } : { kind: "ack" };
    });

    await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));

    expect(deliveries.map(({ deliveryCount }) => deliveryCount)).toEqual([1, 2]);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(290);
  });

  it("never delivers what was terminated", async () => {
    const { stream, durable, broker, lag } = await prepareForTest(nats.url, { ackWaitMs: 200 });
    await fill(broker, stream, 2);
    const { deliveries } = subscribeForTest(broker, { stream, durable }, (delivery) =>
      idOf(delivery) === "0" ? { kind: "terminate", reason: "no such\r\norder" } : { kind: "ack" },
    );
    await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));

    await broker.publish(outgoing(`${stream}.a`, "later"));

    await eventually(() => deliveries.length === 3);
    expect(ids(deliveries)).toEqual(["0", "1", "later"]);
  });

  it("leaves a delivery whose handler rejects to the ack wait", async () => {
    const { stream, durable, broker, lag } = await prepareForTest(nats.url, { ackWaitMs: 300 });
    await broker.publish(outgoing(`${stream}.a`, "e1"));
    const { deliveries } = subscribeForTest(broker, { stream, durable }, ({ deliveryCount }) => {
      if (deliveryCount === 1) throw new Error("cannot say");
      return { kind: "ack" };
    });

    await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
    expect(deliveries.map(({ deliveryCount }) => deliveryCount)).toEqual([1, 2]);
  });

  it("acknowledges every one of thousands, once", async () => {
    const { stream, durable, broker, lag } = await prepareForTest(nats.url);
    await fill(broker, stream, 5_000);
    const { deliveries } = subscribeForTest(broker, { stream, durable, concurrency: 64 });

    await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
    expect(ids(deliveries)).toEqual(Array.from({ length: 5_000 }, (_, id) => String(id)));
  });
});

describe("what is in hand", () => {
  it("never runs more handlers than the concurrency, nor holds much more than runs", async () => {
    const { stream, durable, broker, lag } = await prepareForTest(nats.url);
    await fill(broker, stream, 100);
    let running = 0;
    let most = 0;
    const { opened, open } = gate();
    subscribeForTest(broker, { stream, durable, concurrency: 4 }, async () => {
      running += 1;
      most = Math.max(most, running);
      await opened;
      running -= 1;
      return { kind: "ack" };
    });

    await eventually(async () => expect(await lag()).toEqual({ pending: 94, ackPending: 6 }));
    open();

    await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
    expect(most).toBe(4);
  });

  it("does not gather messages while a handler takes seconds", async () => {
    const { stream, durable, broker, lag } = await prepareForTest(nats.url);
    await fill(broker, stream, 50);
    const second = gate();
    subscribeForTest(broker, { stream, durable, concurrency: 1 }, async ({ sequence }) => {
      if (sequence === 1) await pause(3_500);
      else await second.opened;
      return { kind: "ack" };
    });

    await eventually(async () => expect(await lag()).toEqual({ pending: 47, ackPending: 2 }), { deadlineMs: 8_000 });
    second.open();
    await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
  });

  it("keeps a delivery that runs longer than the ack wait, and those that wait for their turn", async () => {
    const { stream, durable, broker, lag } = await prepareForTest(nats.url, { ackWaitMs: 300 });
    await fill(broker, stream, 3);
    // The ack wait of the durable is the shorter one, and counts.
    const { deliveries } = subscribeForTest(
      broker,
      { stream, durable, concurrency: 1, ackWaitMs: 60_000 },
      async () => {
        await pause(1_000);
        return { kind: "ack" };
      },
    );

    await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
    expect(deliveries.map(({ sequence, deliveryCount }) => [sequence, deliveryCount])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
  });
});

describe("stop", () => {
  it("hands back what has not started, which another reader gets at once, and waits for what has", async () => {
    // With an hour of ack wait, whatever is forgotten here never comes.
    const { stream, durable, broker, lag } = await prepareForTest(nats.url, { ackWaitMs: 3_600_000 });
    await fill(broker, stream, 6);
    const { opened, open } = gate();
    const { subscription, deliveries } = subscribeForTest(broker, { stream, durable, concurrency: 4 }, async () => {
      await opened;
      return { kind: "ack" };
    });
    await eventually(async () => expect(await lag()).toEqual({ pending: 0, ackPending: 6 }));
    await eventually(() => expect(ids(deliveries)).toEqual(["0", "1", "2", "3"]));

    let over = false;
    const stopped = subscription.stop().then(() => (over = true));
    const other = subscribeForTest(brokerForTest(nats.url), { stream, durable });
    await eventually(() => other.deliveries.length === 2);
    expect(ids(other.deliveries).toSorted()).toEqual(["4", "5"]);
    expect(over).toBe(false);
    open();
    await stopped;

    // The answers of the started ones are with the server when stop resolves.
    expect(await lag()).toEqual(NOTHING_LEFT);
    expect(deliveries).toHaveLength(4);
    expect(subscription.stop()).toBe(subscription.stop());
  });

  it("loses nothing to the ack wait when readers come and go under load", async () => {
    const { stream, durable, broker, lag } = await prepareForTest(nats.url, { ackWaitMs: 3_600_000 });
    const seen = new Set<string>();
    const published = fill(broker, stream, 4_000);
    for (let round = 0; round < 15; round += 1) {
      const before = seen.size;
      const { subscription } = subscribeForTest(broker, { stream, durable, concurrency: 16 }, async (delivery) => {
        await pause(1);
        seen.add(idOf(delivery));
        return { kind: "ack" };
      });
      await eventually(() => seen.size > before + 50, { intervalMs: 1 });
      await subscription.stop();
    }
    await published;
    subscribeForTest(broker, { stream, durable, concurrency: 64 }, (delivery) => {
      seen.add(idOf(delivery));
      return { kind: "ack" };
    });

    await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT), { deadlineMs: 10_000 });
    expect(seen.size).toBe(4_000);
  });

  it("returns while there is no server", async () => {
    const broker = brokerForTest("nats://127.0.0.1:1");
    const { subscription } = subscribeForTest(broker, { stream: "S", durable: "d" });
    await eventually(() => expect(subscription.problem).toMatch(/no connection to NATS/));
    await subscription.stop();
  });
});
