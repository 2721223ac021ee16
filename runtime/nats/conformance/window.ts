/** What holds for messages on their way to the broker. */
import { describe, expect, it } from "vitest";
import { outgoing } from "../tests/fixtures.ts";
import { handPlayedStream } from "./hand-played-stream.ts";
import { eventually, rigFor } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

const messageId = ({ headers }: { readonly headers?: { get(name: string): string } }) => headers?.get("Nats-Msg-Id");

/** The window, and what is done about answers that do not come. */
export function describeWindow(servers: ServerFixture): void {
  const rig = rigFor(servers);

  describe("what is on its way", () => {
    it("is never more than the window, which every acknowledgement moves on by one", async () => {
      const stream = await handPlayedStream(servers);
      const broker = rig.broker({ publishWindow: 4 });
      const published = Array.from({ length: 12 }, (_, id) => broker.publish(outgoing(stream.subject, String(id))));
      for (let answers = 0; answers < published.length; answers += 1) {
        await eventually(() => stream.arrived.length >= Math.min(4 + answers, published.length));
        stream.acknowledge(stream.arrived[answers]);
      }

      const acks = await Promise.all(published);
      expect(acks.map(({ sequence }) => sequence)).toEqual(published.map((_, index) => index + 1));
      expect(stream.arrived.map(messageId)).toEqual(published.map((_, index) => String(index)));
      expect(stream.mostUnanswered).toBe(4);
    });

    it("is sent again under the same id when its acknowledgement is lost, and confirmed once", async () => {
      const stream = await handPlayedStream(servers);
      const confirmed = rig.broker().publish(outgoing(stream.subject, "e1"));
      await eventually(() => stream.arrived.length === 2);
      for (const message of stream.arrived) stream.acknowledge(message);

      expect(await confirmed).toEqual({ stream: "PLAYED", sequence: 1, duplicate: false });
      expect(stream.arrived.map(messageId)).toEqual(["e1", "e1"]);
    });

    it("is unconfirmed at the deadline, and may be tried again", async () => {
      const stream = await handPlayedStream(servers);
      const broker = rig.broker({ publishDeadlineMs: 300 });
      await expect(broker.publish(outgoing(stream.subject, "e1"))).rejects.toMatchObject({
        code: "PUBLISH_UNCONFIRMED",
        failureClass: "transient",
        message: expect.stringMatching(/sent 1 times without an answer.*again with the same id/),
      });
      expect(stream.arrived).toHaveLength(1);
    });
  });
}
