/** What holds over an outage of all servers. */
import { describe, expect, it, vi } from "vitest";
import { Connection } from "../connection.ts";
import { Publisher } from "../publisher.ts";
import { parseServers } from "../server-addresses.ts";
import { fill, gate, idOf, idsOf, outgoing, silent } from "../tests/fixtures.ts";
import { eventually, NOTHING_LEFT, storedIds } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";
import { SharedOutage } from "./shared-outage.ts";

const TIMEOUT = { timeout: 60_000 };

/** What is held, kept and taken up again. Losses under load are looked for in nemeses.ts. */
export function describeOutages(servers: ServerFixture): void {
  describe.concurrent("an outage", () => {
    const outage = new SharedOutage(servers);

    it(
      "holds what is published while it lasts, and stores each message once",
      TIMEOUT,
      outage.part(async ({ rig, begin, end }) => {
        const { admin, stream, broker } = await rig.stream();
        await broker.publish(outgoing(`${stream}.a`, "before"));
        await begin();
        await eventually(() => broker.state.kind === "disconnected");
        const published = fill(broker, stream, 50);
        await end();
        await published;
        expect(await admin.stream(stream)).toMatchObject({ messages: 51, lastSequence: 51 });
      }),
    );

    it(
      "leaves nothing in the hands of a client that would drop it",
      TIMEOUT,
      outage.part(async ({ rig, begin, end }) => {
        const { admin, stream } = await rig.stream();
        const shared = { inboxPrefix: undefined, random: Math.random, log: silent };
        const backoff = { baseMs: 20, capMs: 100 };
        const connection = new Connection({ ...shared, addresses: parseServers(servers.urls), name: "test", backoff });
        const publisher = new Publisher(connection, { ...shared, deadlineMs: 30_000, window: 8 });
        const impatient = new Publisher(connection, { ...shared, deadlineMs: 250, window: 8 });
        const client = await connection.whenConnected(AbortSignal.timeout(5_000));
        const handedOver = client && vi.spyOn(client, "publish");

        await begin();
        await eventually(() => connection.state.kind === "disconnected");
        handedOver?.mockClear();
        const ids = Array.from({ length: 20 }, (_, id) => String(id));
        const published = Promise.all(ids.map((id) => publisher.publish(outgoing(`${stream}.a`, id))));
        // When this one has run into its deadline, both have looked several times for what is due.
        await expect(impatient.publish(outgoing(`${stream}.a`, "impatient"))).rejects.toMatchObject({
          code: "PUBLISH_UNCONFIRMED",
        });
        expect(handedOver).not.toHaveBeenCalled();

        await end();
        await published;
        // Those that were tried before there was a leader wait differently long: order over an outage is the relay's.
        expect((await storedIds({ admin, stream })).toSorted()).toEqual(ids.toSorted());
        await Promise.all([publisher.close(1_000), impatient.close(1_000), connection.close()]);
      }),
    );

    it(
      "does not make one message two when its id is published again",
      TIMEOUT,
      outage.part(async ({ rig, begin, end }) => {
        const { admin, stream, broker } = await rig.stream();
        const message = outgoing(`${stream}.a`, "same");
        await broker.publish(message);
        await begin();
        const during = Promise.all(Array.from({ length: 20 }, () => rig.broker().publish(message)));
        await end();
        const again = [...(await during), await broker.publish(message)];
        expect(again).toEqual(again.map(() => ({ stream, sequence: 1, duplicate: true })));
        expect(await storedIds({ admin, stream })).toEqual(["same"]);
      }),
    );

    it(
      "lets a batch wait, and stores it once",
      TIMEOUT,
      outage.part(async ({ rig, begin, end }) => {
        const { admin, stream, broker } = await rig.stream({ atomicBatches: true });
        const pair = (id: string) => [outgoing(`${stream}.v2`, `${id}:2`), outgoing(`${stream}.v1`, `${id}:1`)];
        await broker.publishBatch(pair("before"));
        await begin();
        await eventually(() => broker.state.kind === "disconnected");
        const outcome = broker.publishBatch(pair("during"));
        await end();
        const acks = await outcome;
        expect(acks.map(({ sequence }) => sequence)).toEqual([3, 4]);
        expect(await storedIds({ admin, stream })).toEqual(["before:2", "before:1", "during:2", "during:1"]);
      }),
    );

    it(
      "is a problem of a subscription, which goes on reading after it",
      TIMEOUT,
      outage.part(async ({ rig, begin, end }) => {
        const { stream, durable, broker, lag } = await rig.durable({ ackWaitMs: 1_000 });
        const { subscription, deliveries } = rig.subscribe(broker, { stream, durable });
        await fill(broker, stream, 20);
        await eventually(() => new Set(idsOf(deliveries)).size === 20);
        await begin();
        await eventually(() => expect(subscription.problem).toMatch(/no connection to NATS/));
        await end();
        await broker.publish(outgoing(`${stream}.a`, "after"));
        await eventually(() => idsOf(deliveries).includes("after"));
        expect(subscription.problem).toBeUndefined();
        await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      }),
    );

    it(
      "keeps the answer of a handler that ended in it: the message does not come again",
      TIMEOUT,
      outage.part(async (one) => {
        const { stream, durable, broker, lag } = await one.rig.durable({ ackWaitMs: 3_600_000 });
        await fill(broker, stream, 1);
        const { opened, open } = gate();
        let ended = false;
        const { deliveries } = one.rig.subscribe(broker, { stream, durable }, async () => {
          await opened;
          ended = true;
          return { kind: "ack" };
        });
        await eventually(() => deliveries.length === 1);
        await one.begin();
        await eventually(() => broker.state.kind === "disconnected");
        open();
        await eventually(() => ended);
        await one.end();
        await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
        expect(deliveries.map(idOf)).toEqual(["0"]);
      }),
    );
  });
}
