/** What holds for deliveries to one reader: all of them, as they were published, in order, and again after an error. */
import { describe, expect, it } from "vitest";
import { fill, gate, idOf, idsOf, outgoing } from "../tests/fixtures.ts";
import { eventually, NOTHING_LEFT, rigFor } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, id) => String(id));

/** Content, order, and errors of a handler. */
export function describeDelivering(servers: ServerFixture): void {
  const rig = rigFor(servers);

  describe("a reader", () => {
    it("is given every header and every byte as they were published", async () => {
      const { stream, durable, broker } = await rig.durable();
      const headers = { "ce-id": "e:1/2", UPPER: "Kept", empty: "", "correlation-id": "größe 🚚", colons: "a: b: c" };
      const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      await broker.publish({ subject: `${stream}.a`, messageId: "all", headers, data: bytes });
      await broker.publish({ subject: `${stream}.b`, messageId: "none", headers: {}, data: new Uint8Array() });
      const { deliveries } = rig.subscribe(broker, { stream, durable });

      await eventually(() => deliveries.length === 2);

      const [all, none] = deliveries;
      expect({ ...all?.headers }).toEqual({ ...headers, "Nats-Msg-Id": "all" });
      expect(new Uint8Array(all?.data ?? [])).toEqual(bytes);
      expect(all).toMatchObject({ subject: `${stream}.a`, sequence: 1 });
      expect({ ...none?.headers }).toEqual({ "Nats-Msg-Id": "none" });
      expect(none?.data).toHaveLength(0);
    });

    it("is given the messages of each publisher in the order of their publishing", async () => {
      const { stream, durable, broker, lag } = await rig.durable();
      const { deliveries } = rig.subscribe(broker, { stream, durable, concurrency: 1 });
      const publishers = ["a", "b", "c"];
      await Promise.all(
        publishers.map(async (publisher) => {
          const own = rig.broker();
          await Promise.all(numbers(200).map((id) => own.publish(outgoing(`${stream}.${publisher}`, publisher + id))));
        }),
      );
      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));

      for (const publisher of publishers) {
        const own = idsOf(deliveries).filter((id) => id.startsWith(publisher));
        expect(own).toEqual(numbers(200).map((id) => publisher + id));
      }
    });

    it("that takes one at a time is not given the next before it has answered", async () => {
      const { stream, durable, broker, lag } = await rig.durable();
      await fill(broker, stream, 5);
      const first = gate();
      let running = 0;
      const { deliveries } = rig.subscribe(broker, { stream, durable, concurrency: 1 }, async () => {
        running += 1;
        expect(running).toBe(1);
        await first.opened;
        running -= 1;
        return { kind: "ack" };
      });
      // The next one has arrived, and waits.
      await eventually(async () => expect(await lag()).toEqual({ pending: 3, ackPending: 2 }));
      await eventually(() => expect(idsOf(deliveries)).toEqual(["0"]));
      first.open();

      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      expect(deliveries.map((delivery) => [idOf(delivery), delivery.deliveryCount])).toEqual(
        numbers(5).map((id) => [id, 1]),
      );
    });

    it("is given again what it sent back, and everything else once", async () => {
      const { stream, durable, broker, lag } = await rig.durable();
      await fill(broker, stream, 100);
      const { deliveries } = rig.subscribe(broker, { stream, durable }, (delivery) =>
        ["17", "42"].includes(idOf(delivery)) && delivery.deliveryCount === 1
          ? { kind: "retry", delayMs: 0 }
          : { kind: "ack" },
      );

      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      expect(idsOf(deliveries).toSorted()).toEqual([...numbers(100), "17", "42"].toSorted());
    });

    it("goes on after errors of every kind, on every message", async () => {
      const { stream, durable, broker, lag } = await rig.durable({ ackWaitMs: 300 });
      await fill(broker, stream, 20);
      const { deliveries } = rig.subscribe(broker, { stream, durable }, ({ deliveryCount }) => {
        if (deliveryCount === 1) throw new Error("the first run fails");
        return deliveryCount === 2 ? { kind: "retry", delayMs: 10 } : { kind: "ack" };
      });

      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      const runs = Map.groupBy(deliveries, idOf);
      expect([...runs.keys()].toSorted()).toEqual(numbers(20).toSorted());
      for (const run of runs.values()) expect(run.map(({ deliveryCount }) => deliveryCount)).toEqual([1, 2, 3]);
    });

    it("that comes late is given what was published before", async () => {
      const before = await rig.stream();
      await fill(before.broker, before.stream, 50);
      const { stream, durable, broker, lag } = await rig.addDurable(before, "late");
      const { deliveries } = rig.subscribe(rig.broker(), { stream, durable });
      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      await broker.publish(outgoing(`${stream}.a`, "after"));

      await eventually(() => expect(idsOf(deliveries)).toEqual([...numbers(50), "after"]));
    });
  });
}
