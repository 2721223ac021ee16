import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { brokerForTest, outgoing, subscribeForTest } from "./tests/fixtures.ts";

// Nothing listens on port 1.
const NOWHERE = "nats://127.0.0.1:1";

describe("without a server", () => {
  it("a publish is unconfirmed at its deadline", async () => {
    const broker = brokerForTest(NOWHERE, { publishDeadlineMs: 200 });
    await expect(broker.publish(outgoing("a", "e1"))).rejects.toMatchObject({
      code: "PUBLISH_UNCONFIRMED",
      failureClass: "transient",
      message: expect.stringMatching(/NATS is connecting/),
    });
    await expect(broker.publishBatch([outgoing("a", "e1"), outgoing("a", "e2")])).rejects.toMatchObject({
      code: "PUBLISH_UNCONFIRMED",
      failureClass: "transient",
    });
  });

  it("closing gives up at its limit and says so to each publisher", async () => {
    const broker = brokerForTest(NOWHERE, { closeLimitMs: 50, publishWindow: 1 });
    const batch = [outgoing("a", "e3"), outgoing("a", "e4")];
    const outcomes = Promise.allSettled([
      broker.publish(outgoing("a", "e1")),
      broker.publish(outgoing("a", "e2")),
      broker.publishBatch(batch),
    ]);
    await broker.close();
    const closed = { status: "rejected", reason: { code: "CONNECTION_CLOSED" } };
    expect(await outcomes).toMatchObject([closed, closed, closed]);
    await expect(broker.publishBatch(batch)).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
  });

  it("a subscription says that there is no connection, and stops", async () => {
    const broker = brokerForTest(NOWHERE);
    const { subscription } = subscribeForTest(broker, { stream: "S", durable: "d" });
    await eventually(() => expect(subscription.problem).toMatch(/no connection to NATS/));
    await subscription.stop();
  });
});
