/** Bugs that other systems had, each a test of its name: how messages get onto a stream. */
import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { withJetStream } from "../../../lab/servers/jetstream-session.ts";
import { natsServerForTest } from "../../../lab/testing/servers.ts";
import { openAdmin } from "../../nats/admin.ts";
import { openBroker } from "../../nats/broker.ts";

const nats = await natsServerForTest();

function brokerForTest(publishDeadlineMs: number) {
  const broker = openBroker({ servers: [nats.url], name: "museum", log: pino({ level: "silent" }), publishDeadlineMs });
  onTestFinished(() => broker.close());
  return broker;
}

async function streamForTest(name: string): Promise<string> {
  const admin = await openAdmin({ servers: [nats.url] });
  await admin.createStream(name, { subjects: [`${name}.*`] });
  await admin.close();
  return `${name}.a`;
}

function message(subject: string, headers: Readonly<Record<string, string>> = {}) {
  return { subject, data: new TextEncoder().encode("{}"), headers, messageId: randomUUID() };
}

it("a user-set `Nats-Rollup` header purges a subject", async () => {
  await withJetStream(nats.url, async ({ jetstream }) => {
    const { streams } = await jetstream();
    await streams.add({ name: "ROLLS", subjects: ["rolls.*"], allow_rollup_hdrs: true });
    const broker = brokerForTest(5_000);
    await broker.publish(message("rolls.a"));
    for (const name of ["Nats-Rollup", "nats-rollup", "NATS-ROLLUP"]) {
      await expect(broker.publish(message("rolls.a", { [name]: "sub" }))).rejects.toMatchObject({
        code: "PUBLISH_REFUSED",
      });
    }
    expect((await streams.info("ROLLS")).state.messages).toBe(1);
  });
});

it("a rejected promise cached for ever", async () => {
  const subject = await streamForTest("CACHED");
  await nats.kill();
  const broker = brokerForTest(300);
  await expect(broker.publish(message(subject))).rejects.toMatchObject({ code: "PUBLISH_UNCONFIRMED" });
  await nats.restart();
  // Its connection was never up before: what failed then must not stand in the way now.
  const patient = brokerForTest(20_000);
  await expect(patient.publish(message(subject))).resolves.toMatchObject({ stream: "CACHED" });
  await expect(retried(async () => broker.publish(message(subject)))).resolves.toMatchObject({ stream: "CACHED" });
});

it("the publisher never reconnects after an outage", async () => {
  const subject = await streamForTest("OUTAGES");
  const broker = brokerForTest(30_000);
  await broker.publish(message(subject));
  for (let outage = 1; outage <= 3; outage += 1) {
    await nats.kill();
    const held = broker.publish(message(subject));
    await nats.restart();
    await expect(held).resolves.toMatchObject({ stream: "OUTAGES", sequence: outage + 1 });
  }
});

/** Until the broker's short deadline and its reconnect have met. */
async function retried<T>(publish: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await publish();
    } catch (error) {
      if (tries === 50) throw error;
    }
  }
}
