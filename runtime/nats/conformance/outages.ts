import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { natsForTest, natsServerForTest } from "../../lab/testing/servers.ts";
import {
  adminForTest,
  brokerForTest,
  fill,
  gate,
  idOf,
  outgoing,
  prepareForTest,
  subscribeForTest,
} from "./tests/fixtures.ts";

const nats = await natsForTest();
const fragile = await natsServerForTest();

const ids = (deliveries: readonly { readonly data: Uint8Array }[]) => deliveries.map(idOf);
const NOTHING_LEFT = { pending: 0, ackPending: 0 };

describe("what is missing", () => {
  it("says that the stream, then that the durable is not provisioned, and reads once it is", async () => {
    const admin = await adminForTest(nats.url);
    const broker = brokerForTest(nats.url);
    const { subscription, deliveries } = subscribeForTest(broker, { stream: "ABSENT", durable: "absent-reader" });
    await eventually(() =>
      expect(subscription.problem).toMatch(/stream ABSENT does not exist.*npm run ops -- provision/),
    );

    await admin.createStream("ABSENT", { subjects: ["absent.>"] });
    await eventually(() =>
      expect(subscription.problem).toBe(
        "durable absent-reader does not exist on stream ABSENT; run `npm run ops -- provision`",
      ),
    );
    await admin.createDurable("ABSENT", "absent-reader", {});
    await broker.publish(outgoing("absent.a", "e1"));

    await eventually(() => deliveries.length === 1);
    expect(subscription.problem).toBeUndefined();
  });

  it("goes on reading when the durable is deleted and made again", async () => {
    const { admin, stream, durable, broker, lag } = await prepareForTest(nats.url);
    const { subscription, deliveries } = subscribeForTest(broker, { stream, durable });
    await fill(broker, stream, 1);
    await eventually(() => deliveries.length === 1);

    await admin.deleteDurable(stream, durable);
    await eventually(() => expect(subscription.problem).toMatch(/does not exist on stream/));
    await admin.createDurable(stream, durable, { deliverFrom: "new" });
    await eventually(() => subscription.problem === undefined);
    await broker.publish(outgoing(`${stream}.a`, "after"));

    await eventually(() => deliveries.length === 2);
    expect(ids(deliveries)).toEqual(["0", "after"]);
    await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
  });
});

describe("an outage", () => {
  it("goes on reading when the server was killed and came back", async () => {
    const { stream, durable, broker, lag } = await prepareForTest(fragile.url, { ackWaitMs: 1_000 });
    const { subscription, deliveries } = subscribeForTest(broker, { stream, durable });
    await fill(broker, stream, 20);
    await eventually(() => new Set(ids(deliveries)).size === 20);

    await fragile.kill();
    await eventually(() => expect(subscription.problem).toMatch(/no connection to NATS/));
    await fragile.restart();
    await broker.publish(outgoing(`${stream}.a`, "after"));

    await eventually(() => ids(deliveries).includes("after"));
    expect(subscription.problem).toBeUndefined();
    await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
  });

  it("keeps the answer of a handler that ended during the outage, so that its message does not come again", async () => {
    const { stream, durable, broker, lag } = await prepareForTest(fragile.url, { ackWaitMs: 3_600_000 });
    await fill(broker, stream, 1);
    const { opened, open } = gate();
    let ended = false;
    const { deliveries } = subscribeForTest(broker, { stream, durable }, async () => {
      await opened;
      ended = true;
      return { kind: "ack" };
    });
    await eventually(() => deliveries.length === 1);

    await fragile.kill();
    await eventually(() => broker.state.kind === "disconnected");
    open();
    await eventually(() => ended);
    await fragile.restart();

    await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
    expect(deliveries).toHaveLength(1);
  });
});
