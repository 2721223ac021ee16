/** What holds when a message is published: stored once, in order, or refused with the reason. */
import { describe, expect, it } from "vitest";
import { withoutBrokerHeaders } from "../../events/headers.ts";
import { existing, fill, outgoing } from "../tests/fixtures.ts";
import { eventually, rigFor, storedIds } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

/** Publishing, its refusals, and its end. */
export function describePublishing(servers: ServerFixture): void {
  const rig = rigFor(servers);

  describe("publish", () => {
    it("stores the message and tells where", async () => {
      const { admin, stream, broker } = await rig.stream();
      const before = Date.now();

      const first = await broker.publish(outgoing(`${stream}.a`, "e1:1", { "ce-id": "e1", "correlation-id": "größe" }));
      const second = await broker.publish(outgoing(`${stream}.b`, "e2:1"));

      expect(first).toEqual({ stream, sequence: 1, duplicate: false });
      expect(second).toEqual({ stream, sequence: 2, duplicate: false });
      const stored = await admin.message(stream, 1);
      expect(stored).toMatchObject({ stream, sequence: 1, subject: `${stream}.a` });
      expect({ ...stored?.headers }).toEqual({ "Nats-Msg-Id": "e1:1", "ce-id": "e1", "correlation-id": "größe" });
      expect(stored?.storedAt).toBeGreaterThan(before - 1_000);
    });

    it("stores one message for two publishes of one id", async () => {
      const { admin, stream, broker } = await rig.stream();

      await broker.publish(outgoing(`${stream}.a`, "same"));
      const again = await broker.publish(outgoing(`${stream}.a`, "same"));

      expect(again).toEqual({ stream, sequence: 1, duplicate: true });
      expect(await admin.stream(stream)).toMatchObject({ messages: 1 });
    });

    it("keeps the order of the calls when they exceed the window", async () => {
      const { admin, stream } = await rig.stream();
      const broker = rig.broker({ publishWindow: 7 });

      await fill(broker, stream, 500);

      expect(await storedIds({ admin, stream })).toEqual(Array.from({ length: 500 }, (_, id) => String(id)));
    });
  });

  describe("refusals", () => {
    it("says at the deadline that no stream takes the subject, or its stream has no leader", async () => {
      const broker = rig.broker({ publishDeadlineMs: 300 });
      await expect(broker.publish(outgoing("nobody.takes.this", "e1"))).rejects.toMatchObject({
        code: "PUBLISH_UNCONFIRMED",
        message: expect.stringMatching(/^nobody\.takes\.this: .*npm run ops -- provision.*no leader.*with the same id/),
      });
    });

    it("stores a message whose stream is provisioned before the deadline", async () => {
      const admin = await rig.admin();
      const broker = rig.broker();
      const published = broker.publish(outgoing("late.a", "e1"));
      await admin.createStream("LATE", { subjects: ["late.>"] });
      await expect(published).resolves.toMatchObject({ stream: "LATE", sequence: 1 });
    });

    it.each(["orders.*", "orders.>", "orders..created", "orders created", "", "$JS.API.INFO"])(
      "refuses the subject %j before it is sent",
      async (subject) => {
        const broker = rig.broker();
        await expect(broker.publish(outgoing(subject, "e1"))).rejects.toMatchObject({ code: "PUBLISH_REFUSED" });
      },
    );

    it("refuses a header that commands the server", async () => {
      const { admin, stream, broker } = await rig.stream();
      await broker.publish(outgoing(`${stream}.a`, "kept"));

      const purging = broker.publish(outgoing(`${stream}.a`, "e1", { "nats-rollup": "all" }));

      await expect(purging).rejects.toMatchObject({
        code: "PUBLISH_REFUSED",
        message: expect.stringMatching(/nats-rollup/),
      });
      expect(await admin.stream(stream)).toMatchObject({ messages: 1 });
    });

    it("refuses a delivery that is published again with the headers of the broker, and takes it without them", async () => {
      const { admin, stream, durable, broker } = await rig.durable({}, { atomicBatches: true });
      const headers = { "ce-id": "e1" };
      await broker.publishBatch([outgoing(`${stream}.a`, "e1", headers), outgoing(`${stream}.b`, "e2", headers)]);
      const { deliveries } = rig.subscribe(broker, { stream, durable });
      await eventually(() => deliveries.length === 2);
      const last = existing(deliveries[1]);
      const copy = { ...outgoing(`${stream}.copy`, "copy"), data: last.data };

      await expect(broker.publish({ ...copy, headers: last.headers })).rejects.toMatchObject({
        code: "PUBLISH_REFUSED",
        failureClass: "permanent",
        message: expect.stringMatching(/Nats-/),
      });
      const { sequence } = await broker.publish({ ...copy, headers: withoutBrokerHeaders(last.headers) });
      expect({ ...(await admin.message(stream, sequence))?.headers }).toEqual({ ...headers, "Nats-Msg-Id": "copy" });
    });

    it("refuses what the server or the stream finds too large, with the sizes or the broker's words", async () => {
      const { stream, broker } = await rig.stream({ maxMessageBytes: 1_000 });
      await broker.publish(outgoing(`${stream}.a`, "small"));
      const sized = (bytes: number) =>
        broker.publish({ ...outgoing(`${stream}.a`, `of ${bytes}`), data: new Uint8Array(bytes) });

      await expect(sized(2_000)).rejects.toMatchObject({
        code: "PUBLISH_REFUSED",
        message: expect.stringMatching(/NATS error 10054/),
      });
      await expect(sized(2_000_000)).rejects.toMatchObject({
        code: "PUBLISH_REFUSED",
        message: expect.stringMatching(/max_payload.*200\d{4} bytes.*1048576/),
      });
    });

    it("goes on after refusing thousands of messages in a row", async () => {
      const { stream } = await rig.stream();
      const broker = rig.broker({ publishWindow: 4 });
      await broker.publish(outgoing(`${stream}.a`, "first"));
      const tooLarge = new Uint8Array(2_000_000);
      const refused = Array.from({ length: 5_000 }, (_, id) =>
        broker.publish({ ...outgoing(`${stream}.a`, `large ${id}`), data: tooLarge }),
      );

      const outcomes = await Promise.allSettled(refused);

      expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
      await expect(broker.publish(outgoing(`${stream}.a`, "last"))).resolves.toMatchObject({ sequence: 2 });
    });

    it("waits for a full stream, and stores the message when there is room", async () => {
      const { admin, stream } = await rig.stream({ maxMessages: 1, discard: "new" });
      const impatient = rig.broker({ publishDeadlineMs: 300 });
      await impatient.publish(outgoing(`${stream}.a`, "fills it"));
      await expect(impatient.publish(outgoing(`${stream}.a`, "too late"))).rejects.toMatchObject({
        code: "PUBLISH_UNCONFIRMED",
        message: expect.stringMatching(/maximum messages exceeded.*10077/),
      });

      const waiting = rig.broker().publish(outgoing(`${stream}.a`, "waits"));
      await admin.purgeStream(stream);
      await expect(waiting).resolves.toMatchObject({ duplicate: false });
    });
  });

  describe("close", () => {
    it("waits for what is outstanding, and refuses what comes after", async () => {
      const { admin, stream, broker } = await rig.stream();
      const outstanding = fill(broker, stream, 1_000);

      const closed = broker.close();
      await expect(broker.publish(outgoing(`${stream}.a`, "late"))).rejects.toMatchObject({
        code: "CONNECTION_CLOSED",
      });
      await closed;

      await outstanding;
      expect(await admin.stream(stream)).toMatchObject({ messages: 1_000 });
      expect(broker.state.kind).toBe("closed");
    });
  });
}
