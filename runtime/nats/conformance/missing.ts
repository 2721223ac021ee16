/** What holds when a stream or a durable is not there, or goes away. */
import { describe, expect, it } from "vitest";
import { existing, fill, idsOf, outgoing } from "../tests/fixtures.ts";
import { eventually, NOTHING_LEFT, rigFor } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

/** Not provisioned yet, deleted, and made again. */
export function describeMissing(servers: ServerFixture): void {
  const rig = rigFor(servers);

  describe("what is missing", () => {
    it("says that the stream, then that the durable is not provisioned, and reads once it is", async () => {
      const admin = await rig.admin();
      const broker = rig.broker();
      const { subscription, deliveries } = rig.subscribe(broker, { stream: "ABSENT", durable: "absent-reader" });
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
      const { admin, stream, durable, broker, lag } = await rig.durable();
      const { subscription, deliveries } = rig.subscribe(broker, { stream, durable });
      await fill(broker, stream, 1);
      await eventually(() => deliveries.length === 1);

      await admin.deleteDurable(stream, durable);
      await eventually(() => expect(subscription.problem).toMatch(/does not exist on stream/));
      await admin.createDurable(stream, durable, { deliverFrom: "new" });
      await eventually(() => subscription.problem === undefined);
      await broker.publish(outgoing(`${stream}.a`, "after"));

      await eventually(() => deliveries.length === 2);
      expect(idsOf(deliveries)).toEqual(["0", "after"]);
      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
    });

    it("goes on writing and reading when the stream is deleted and made again", async () => {
      const { admin, stream, durable, broker, lag } = await rig.durable();
      const { subscription, deliveries } = rig.subscribe(broker, { stream, durable });
      await fill(broker, stream, 1);
      await eventually(() => deliveries.length === 1);
      const settings = existing((await admin.stream(stream))?.settings);

      await admin.deleteStream(stream);
      await eventually(() => expect(subscription.problem).toMatch(/stream \S+ does not exist/));
      const waiting = broker.publish(outgoing(`${stream}.a`, "meanwhile"));
      await admin.createStream(stream, settings);
      await admin.createDurable(stream, durable, {});

      expect(await waiting).toEqual({ stream, sequence: 1, duplicate: false });
      await eventually(() => expect(idsOf(deliveries)).toEqual(["0", "meanwhile"]));
      expect(subscription.problem).toBeUndefined();
      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
    });
  });
}
