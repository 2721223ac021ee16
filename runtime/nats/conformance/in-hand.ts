/** What holds for the deliveries that a subscription has in hand. */
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { fill, gate } from "../tests/fixtures.ts";
import { eventually, NOTHING_LEFT, rigFor } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

/** How many are taken, how many run, and how long they are kept. */
export function describeInHand(servers: ServerFixture): void {
  const rig = rigFor(servers);

  describe("what is in hand", () => {
    it("never runs more handlers than the concurrency, nor holds much more than runs", async () => {
      const { stream, durable, broker, lag } = await rig.durable();
      await fill(broker, stream, 100);
      let running = 0;
      let most = 0;
      const { opened, open } = gate();
      rig.subscribe(broker, { stream, durable, concurrency: 4 }, async () => {
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
      const { stream, durable, broker, lag } = await rig.durable();
      await fill(broker, stream, 50);
      const second = gate();
      rig.subscribe(broker, { stream, durable, concurrency: 1 }, async ({ sequence }) => {
        if (sequence === 1) await pause(3_500);
        else await second.opened;
        return { kind: "ack" };
      });

      await eventually(async () => expect(await lag()).toEqual({ pending: 47, ackPending: 2 }));
      second.open();
      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
    });

    it("keeps a delivery that runs longer than the ack wait, and those that wait for their turn", async () => {
      // Long enough for a machine that is busy for half a second with something else.
      const { stream, durable, broker, lag } = await rig.durable({ ackWaitMs: 1_000 });
      await fill(broker, stream, 2);
      // The ack wait of the durable is the shorter one, and counts.
      const { deliveries } = rig.subscribe(broker, { stream, durable, concurrency: 1, ackWaitMs: 60_000 }, async () => {
        await pause(1_800);
        return { kind: "ack" };
      });

      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      expect(deliveries.map(({ sequence, deliveryCount }) => [sequence, deliveryCount])).toEqual([
        [1, 1],
        [2, 1],
      ]);
    });
  });
}
