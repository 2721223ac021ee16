/** Streams and durables that somebody made or changed with other tools. */
import { nanos } from "@nats-io/transport-node";
import { expect, it } from "vitest";
import { withJetStream } from "../../lab/servers/jetstream-session.ts";
import { natsForTest } from "../../lab/testing/servers.ts";
import { adminForTest, brokerForTest, fill, streamForTest } from "./tests/fixtures.ts";

const nats = await natsForTest();

it("tells what our settings have no name for, and nothing that was left alone", async () => {
  const admin = await adminForTest(nats.url);
  const stream = await streamForTest(admin);
  await admin.createDurable(stream, "plain", {});
  expect(await admin.stream(stream)).not.toHaveProperty("others");
  expect(await admin.durable(stream, "plain")).not.toHaveProperty("others");
  await withJetStream(nats.url, async ({ jetstream }) => {
    const { streams, consumers } = await jetstream();
    await streams.update(stream, { max_msgs_per_subject: 5 });
    await consumers.add(stream, { durable_name: "odd", ack_policy: "none", inactive_threshold: nanos(60_000) });
  });
  expect((await admin.stream(stream))?.others).toEqual({ max_msgs_per_subject: 5 });
  expect((await admin.durable(stream, "odd"))?.others).toEqual({
    ack_policy: "none",
    inactive_threshold: nanos(60_000),
  });
});

it("keeps what is not ours when a durable is updated, and takes one filter for a list of one", async () => {
  const admin = await adminForTest(nats.url);
  const stream = await streamForTest(admin);
  await withJetStream(nats.url, async ({ jetstream }) => {
    const { consumers } = await jetstream();
    const filter_subject = `${stream}.a`;
    await consumers.add(stream, { durable_name: "odd", ack_policy: "explicit", filter_subject, sample_freq: "10%" });
  });
  const { settings, others } = await admin.updateDurable(stream, "odd", {
    filterSubjects: [`${stream}.a`, `${stream}.b`],
  });
  expect(settings.filterSubjects).toEqual([`${stream}.a`, `${stream}.b`]);
  expect(others).toEqual({ sample_freq: "10%" });
});

it("counts what a stream holds from a sequence on", async () => {
  const admin = await adminForTest(nats.url);
  const stream = await streamForTest(admin);
  await fill(brokerForTest(nats.url), stream, 10);
  const count = async (from: number) => admin.countMessages(stream, `${stream}.a`, { from });
  expect([await count(0), await count(1), await count(8), await count(11)]).toEqual([10, 10, 3, 0]);
});
