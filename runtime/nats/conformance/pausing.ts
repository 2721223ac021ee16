/** What holds for durables that are paused at the broker, and for subscriptions that are suspended. */
import { describe, expect, it } from "vitest";
import { fill, outgoing } from "../tests/fixtures.ts";
import { eventually, rigFor } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

const HOUR_MS = 3_600_000;
const ROUNDS = 20;

/** Giving nothing, asking for nothing, and going on. */
export function describePausing(servers: ServerFixture): void {
  const rig = rigFor(servers);

  describe("a paused durable", () => {
    it("delivers nothing, is read without a problem, and goes on when it is resumed", async () => {
      const { admin, stream, durable, broker } = await rig.durable();
      const { subscription, deliveries } = rig.subscribe(broker, { stream, durable });
      await eventually(() => subscription.problem === undefined);
      const until = Date.now() + HOUR_MS;
      expect(await broker.pauses.pause(stream, durable, until)).toBe(true);
      await fill(broker, stream, 10);
      // Messages of a stream reach a durable in order: one that is not paused shows that this one had its chance.
      const other = `${durable}-other`;
      await admin.createDurable(stream, other, {});
      const { deliveries: others } = rig.subscribe(broker, { stream, durable: other });
      await eventually(() => others.length === 10);
      expect([deliveries.length, subscription.problem]).toEqual([0, undefined]);
      await broker.pauses.resume(stream, durable, until);
      await eventually(() => deliveries.length === 10);
      expect(deliveries.every(({ deliveryCount }) => deliveryCount === 1)).toBe(true);
    });

    it("is never paused for a shorter time, and not resumed by who did not pause it for so long", async () => {
      const { admin, stream, durable, broker } = await rig.durable();
      await eventually(() => broker.state.kind === "connected");
      const until = Date.now() + HOUR_MS;
      const remaining = async () => (await admin.durable(stream, durable))?.pausedForMs ?? 0;
      await broker.pauses.pause(stream, durable, until);
      expect(await broker.pauses.pause(stream, durable, until - HOUR_MS / 2)).toBe(false);
      expect(await remaining()).toBeGreaterThan(HOUR_MS / 2);
      await broker.pauses.resume(stream, durable, until - 1);
      expect(await remaining()).toBeGreaterThan(HOUR_MS / 2);
      expect(await broker.pauses.pause(stream, durable, until + HOUR_MS)).toBe(true);
      await broker.pauses.resume(stream, durable, until + HOUR_MS);
      expect(await remaining()).toBe(0);
    });

    it("is seen as it was asked for by who asks next, however often it is paused and resumed", async () => {
      const { admin, stream, durable, broker } = await rig.durable();
      await eventually(() => broker.state.kind === "connected");
      const until = Date.now() + HOUR_MS;
      const isPaused = async () => ((await admin.durable(stream, durable))?.pausedForMs ?? 0) > 0;
      const seen = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        await broker.pauses.pause(stream, durable, until);
        seen.push(await isPaused());
        await broker.pauses.resume(stream, durable, until);
        seen.push(await isPaused());
      }
      expect(seen).toEqual(Array.from({ length: ROUNDS }, () => [true, false]).flat());
    });
  });

  describe("a suspended subscription", () => {
    it("asks for no more, and keeps what it has", async () => {
      const { stream, durable, broker } = await rig.durable();
      const { subscription, deliveries } = rig.subscribe(broker, { stream, durable, concurrency: 1 });
      await eventually(() => subscription.problem === undefined);
      subscription.suspend();
      await fill(broker, stream, 20);
      // What was asked for before may come: no more than the subscription may have in hand.
      await eventually(() => deliveries.length === 2);
      const other = rig.broker();
      const { deliveries: rest } = rig.subscribe(other, { stream, durable });
      await eventually(() => deliveries.length + rest.length === 20);
      expect(deliveries).toHaveLength(2);
      subscription.resume();
      await broker.publish(outgoing(`${stream}.a`, "one more"));
      await eventually(() => deliveries.length + rest.length === 21);
    });
  });
}
