/**
 * What holds for atomic batches. That no half of one is ever stored, whoever is killed, is shown with the outbox and
 * its relay in runtime/tests/half-pairs.system.test.ts.
 */
import { describe, expect, it } from "vitest";
import { outgoing } from "../tests/fixtures.ts";
import { rigFor, storedIds } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

const pair = (stream: string, id: string) => [outgoing(`${stream}.v2`, `${id}:2`), outgoing(`${stream}.v1`, `${id}:1`)];

/** Batches: whole or not at all, in their order, each message once. */
export function describeBatches(servers: ServerFixture): void {
  const rig = rigFor(servers);

  describe("publishBatch", () => {
    it("stores all messages in their order, with their own ids, and tells where each is", async () => {
      const { admin, stream, broker } = await rig.stream({ atomicBatches: true });
      await broker.publish(outgoing(`${stream}.x`, "before"));

      const acks = await broker.publishBatch(pair(stream, "e1"));

      expect(acks).toEqual([
        { stream, sequence: 2, duplicate: false },
        { stream, sequence: 3, duplicate: false },
      ]);
      expect(await storedIds({ admin, stream })).toEqual(["before", "e1:2", "e1:1"]);
      expect((await admin.message(stream, 2))?.headers["Nats-Msg-Id"]).toBe("e1:2");
      expect(await broker.publishBatch([])).toEqual([]);
    });

    it("stores many at once, each whole", async () => {
      const { admin, stream, broker } = await rig.stream({ atomicBatches: true, storage: "memory" });
      await Promise.all(
        Array.from({ length: 200 }, async (_, index) => broker.publishBatch(pair(stream, `e${index}`))),
      );
      const ids = await storedIds({ admin, stream });
      expect(new Set(ids).size).toBe(400);
      for (let index = 0; index < ids.length; index += 2) {
        expect(ids[index + 1]).toBe(ids[index]?.replace(/:2$/, ":1"));
      }
    });

    it.each([
      ["all of it", [0, 1]],
      ["the first message", [0]],
      ["the last message", [1]],
    ])("completes what is stored already: %s", async (_, already) => {
      const { admin, stream, broker } = await rig.stream({ atomicBatches: true });
      const messages = pair(stream, "e1");
      for (const index of already) await broker.publish(messages[index] ?? outgoing("", ""));

      const acks = await broker.publishBatch(messages);

      expect(acks.map(({ duplicate }) => duplicate)).toEqual([already.includes(0), already.includes(1)]);
      expect((await storedIds({ admin, stream })).toSorted()).toEqual(["e1:1", "e1:2"]);
      const stored = await Promise.all(acks.map(async ({ sequence }) => admin.message(stream, sequence)));
      expect(stored.map((message) => message?.headers["Nats-Msg-Id"])).toEqual(["e1:2", "e1:1"]);
    });

    it("is refused where the stream takes no batches, and nothing is stored", async () => {
      const { admin, stream, broker } = await rig.stream();
      await expect(broker.publishBatch(pair(stream, "e1"))).rejects.toMatchObject({
        code: "BATCH_UNSUPPORTED",
        message: expect.stringContaining(`${stream}.v1`),
      });
      expect(await admin.stream(stream)).toMatchObject({ messages: 0 });
    });

    it("is refused for good when one message can never be stored", async () => {
      const { admin, stream, broker } = await rig.stream({ atomicBatches: true });
      const good = outgoing(`${stream}.v1`, "e1:1");
      const refused = { code: "PUBLISH_REFUSED" };
      await expect(broker.publishBatch([outgoing(`${stream}.*`, "e1:2"), good])).rejects.toMatchObject(refused);
      await expect(
        broker.publishBatch([outgoing(`${stream}.v2`, "e1:2", { "Nats-Rollup": "all" }), good]),
      ).rejects.toMatchObject(refused);
      const large = { ...outgoing(`${stream}.v2`, "e1:2"), data: new Uint8Array(2_000_000) };
      await expect(broker.publishBatch([large, good])).rejects.toMatchObject(refused);
      await expect(broker.publishBatch([good, large])).rejects.toMatchObject(refused);
      expect(await admin.stream(stream)).toMatchObject({ messages: 0 });
    });
  });
}
