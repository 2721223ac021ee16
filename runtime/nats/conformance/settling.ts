/** What holds for the answer to a delivery. */
import { describe, expect, it, onTestFinished } from "vitest";
import { fill, idOf, idsOf, outgoing } from "../tests/fixtures.ts";
import { eventually, NOTHING_LEFT, rigFor } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

/** Acknowledged, retried, terminated, or not answered. */
export function describeSettling(servers: ServerFixture): void {
  const rig = rigFor(servers);

  describe("settlements", () => {
    it("hands over what was stored, and an acknowledged message never comes again", async () => {
      const { admin, stream, durable, broker, lag } = await rig.durable();
      await broker.publish(outgoing(`${stream}.a`, "e1", { "ce-id": "e1" }));
      const { deliveries } = rig.subscribe(broker, { stream, durable });

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
      expect(idsOf(deliveries)).toEqual(["e1"]);
    });

    it("delivers again after the delay of a retry, with the count", async () => {
      const { stream, durable, broker, lag } = await rig.durable();
      await broker.publish(outgoing(`${stream}.a`, "e1"));
      const times: number[] = [];
      const { deliveries } = rig.subscribe(broker, { stream, durable }, ({ deliveryCount }) => {
        times.push(performance.now());
        return deliveryCount === 1 ? { kind: "retry", delayMs: 300 } : { kind: "ack" };
      });

      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));

      expect(deliveries.map(({ deliveryCount }) => deliveryCount)).toEqual([1, 2]);
      expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(290);
    });

    it("never delivers what was terminated", async () => {
      const { stream, durable, broker, lag } = await rig.durable({ ackWaitMs: 200 });
      await fill(broker, stream, 2);
      const { deliveries } = rig.subscribe(broker, { stream, durable }, (delivery) =>
        idOf(delivery) === "0" ? { kind: "terminate", reason: "no such\r\norder" } : { kind: "ack" },
      );
      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));

      await broker.publish(outgoing(`${stream}.a`, "later"));

      await eventually(() => deliveries.length === 3);
      expect(idsOf(deliveries)).toEqual(["0", "1", "later"]);
    });

    it("leaves a delivery whose handler rejects to the ack wait", async () => {
      const { stream, durable, broker, lag } = await rig.durable({ ackWaitMs: 300 });
      await broker.publish(outgoing(`${stream}.a`, "e1"));
      const { deliveries } = rig.subscribe(broker, { stream, durable }, ({ deliveryCount }) => {
        if (deliveryCount === 1) throw new Error("cannot say");
        return { kind: "ack" };
      });

      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      expect(deliveries.map(({ deliveryCount }) => deliveryCount)).toEqual([1, 2]);
    });

    it("shows what used up its deliveries: counted as redelivered, in hand of nobody, and told in an advisory", async () => {
      const { admin, stream, durable, broker } = await rig.durable({ maxDeliver: 2 });
      const advisories = `ADVISORIES-${stream}`;
      const subject = `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${stream}.${durable}`;
      await admin.createStream(advisories, { subjects: [subject] });
      onTestFinished(async () => void (await admin.deleteStream(advisories)));
      await fill(broker, stream, 3);
      const { deliveries } = rig.subscribe(broker, { stream, durable }, (delivery) =>
        idOf(delivery) === "1" ? { kind: "retry", delayMs: 0 } : { kind: "ack" },
      );

      await eventually(async () => expect(await admin.countMessages(advisories, subject)).toBe(1));
      expect(await admin.durable(stream, durable)).toMatchObject({ pending: 0, ackPending: 0, redelivered: 1 });
      expect(idsOf(deliveries).toSorted()).toEqual(["0", "1", "1", "2"]);
    });

    it("acknowledges every one of thousands, once", async () => {
      const { stream, durable, broker, lag } = await rig.durable();
      await fill(broker, stream, 5_000);
      const { deliveries } = rig.subscribe(broker, { stream, durable, concurrency: 64 });

      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      expect(idsOf(deliveries)).toEqual(Array.from({ length: 5_000 }, (_, id) => String(id)));
    });
  });
}
