/** What holds when a reader stops. */
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { fill, gate, idOf, idsOf, outgoing } from "../tests/fixtures.ts";
import { eventually, NOTHING_LEFT, rigFor } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

/** Handing back, waiting for what has started, and taking turns. */
export function describeStopping(servers: ServerFixture): void {
  const rig = rigFor(servers);

  describe("stop", () => {
    it("hands back what has not started, which another reader gets at once, and waits for what has", async () => {
      // With an hour of ack wait, whatever is forgotten here never comes.
      const { stream, durable, broker, lag } = await rig.durable({ ackWaitMs: 3_600_000 });
      await fill(broker, stream, 6);
      const { opened, open } = gate();
      const { subscription, deliveries } = rig.subscribe(broker, { stream, durable, concurrency: 4 }, async () => {
        await opened;
        return { kind: "ack" };
      });
      await eventually(async () => expect(await lag()).toEqual({ pending: 0, ackPending: 6 }));
      await eventually(() => expect(idsOf(deliveries)).toEqual(["0", "1", "2", "3"]));

      let over = false;
      const stopped = subscription.stop().then(() => (over = true));
      const other = rig.subscribe(rig.broker(), { stream, durable });
      await eventually(() => other.deliveries.length === 2);
      expect(idsOf(other.deliveries).toSorted()).toEqual(["4", "5"]);
      expect(over).toBe(false);
      open();
      await stopped;

      // The answers of the started ones are with the server when stop resolves.
      expect(await lag()).toEqual(NOTHING_LEFT);
      expect(deliveries).toHaveLength(4);
      expect(subscription.stop()).toBe(subscription.stop());
    });

    it("loses nothing to the ack wait when readers come and go under load", async () => {
      const { stream, durable, broker, lag } = await rig.durable({ ackWaitMs: 3_600_000 });
      const seen = new Set<string>();
      const published = fill(broker, stream, 4_000);
      for (let round = 0; round < 15; round += 1) {
        const before = seen.size;
        const { subscription } = rig.subscribe(broker, { stream, durable, concurrency: 16 }, async (delivery) => {
          await pause(1);
          seen.add(idOf(delivery));
          return { kind: "ack" };
        });
        await eventually(() => seen.size > before + 50, { intervalMs: 1 });
        await subscription.stop();
      }
      await published;
      rig.subscribe(broker, { stream, durable, concurrency: 64 }, (delivery) => {
        seen.add(idOf(delivery));
        return { kind: "ack" };
      });

      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      expect(seen.size).toBe(4_000);
    });

    it("leaves nothing to the ack wait when every process is replaced in turn", async () => {
      const { stream, durable, broker, lag } = await rig.durable({ ackWaitMs: 3_600_000 });
      const seen: string[] = [];
      const start = () => {
        const replica = rig.broker();
        rig.subscribe(replica, { stream, durable, concurrency: 8 }, async (delivery) => {
          await pause(1);
          seen.push(idOf(delivery));
          return { kind: "ack" };
        });
        return replica;
      };
      const enough = new AbortController();
      const written = (async () => {
        let id = 0;
        for (; !enough.signal.aborted; id += 10) {
          await Promise.all(
            Array.from({ length: 10 }, (_, one) => broker.publish(outgoing(`${stream}.a`, `${id + one}`))),
          );
        }
        return id;
      })();
      const replicas = [start(), start(), start()];
      for (const replica of [...replicas]) {
        const before = seen.length;
        await eventually(() => seen.length > before + 100);
        replicas.push(start());
        await replica.close();
      }
      enough.abort();
      const count = await written;

      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      expect(seen.toSorted()).toEqual(Array.from({ length: count }, (_, id) => String(id)).toSorted());
    });

    it("may be asked for by many at once, of a subscription and of its broker", async () => {
      const { stream, durable, broker, lag } = await rig.durable({ ackWaitMs: 3_600_000 });
      await fill(broker, stream, 200);
      const seen: string[] = [];
      const closing = rig.broker();
      const subscriptions = Array.from({ length: 5 }, () =>
        rig.subscribe(closing, { stream, durable }, async (delivery) => {
          await pause(1);
          seen.push(idOf(delivery));
          return { kind: "ack" };
        }),
      );
      await eventually(() => seen.length > 20, { intervalMs: 1 });

      await Promise.all([
        ...subscriptions.flatMap(({ subscription }) => [subscription.stop(), subscription.stop()]),
        closing.close(),
        closing.close(),
      ]);

      expect(closing.state.kind).toBe("closed");
      rig.subscribe(broker, { stream, durable }, (delivery) => {
        seen.push(idOf(delivery));
        return { kind: "ack" };
      });
      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      expect(seen.toSorted()).toEqual(Array.from({ length: 200 }, (_, id) => String(id)).toSorted());
    });

    it("comes with the signal of the broker, and lets what has started end and be answered", async () => {
      const { stream, durable, broker, lag } = await rig.durable({ ackWaitMs: 3_600_000 });
      await fill(broker, stream, 2);
      const stopping = new AbortController();
      const reading = rig.broker({ signal: stopping.signal });
      const { opened, open } = gate();
      const { deliveries } = rig.subscribe(reading, { stream, durable, concurrency: 1 }, async () => {
        await opened;
        return { kind: "ack" };
      });
      await eventually(() => deliveries.length === 1);

      stopping.abort();
      const next = rig.subscribe(broker, { stream, durable });
      await eventually(() => expect(idsOf(next.deliveries)).toEqual(["1"]));
      expect(reading.state.kind).toBe("connected");
      open();

      await eventually(() => reading.state.kind === "closed");
      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      expect(idsOf(deliveries)).toEqual(["0"]);
    });
  });
}
