import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { openAdmin, type DurableRequest } from "@tandem/runtime/admin";
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { publishRaw } from "../../lab/testing/publish-raw.ts";
import { natsForTest } from "../../lab/testing/servers.ts";
import { METADATA } from "../provision/desired.ts";
import { judge } from "./gates.ts";
import { observe, type Observation } from "./observe.ts";

const { url } = await natsForTest();
const admin = await openAdmin({ servers: [url] });
afterAll(() => admin.close());

const STREAM = "PARCELS";
const event = {
  stream: STREAM,
  versions: [
    { number: 2, subject: "parcels.sent.v2" },
    { number: 1, subject: "parcels.sent.v1" },
  ],
};
const facts = { event: "parcels.sent", stream: STREAM, handlers: [], doubts: [], sunset: undefined };
const passage = { older: 1, newer: 2, stage: "deprecated" } as const;

const look = (): Promise<Observation> => observe(admin, event, { windowMinutes: 10 });
const retires = async (days = 0): Promise<boolean> =>
  judge("retire", passage, facts, await look(), { days, accepted: [] }).every(({ holds }) => holds);

beforeEach(async () => {
  for (const { name } of await admin.streams()) await admin.deleteStream(name);
  await admin.createStream(STREAM, { subjects: ["parcels.>"] });
});

async function publish(subject: string): Promise<void> {
  await publishRaw(url, { subject, headers: {}, data: new TextEncoder().encode("{}") });
}

async function durable(name: string, filterSubjects: readonly string[], more: DurableRequest = {}): Promise<void> {
  await admin.createDurable(STREAM, name, { filterSubjects, ...more });
}

/** Reads until the test is over, or until it is told to stop: a durable, or without one what a filter lets through. */
async function read(what: string | { readonly filter_subjects: string }): Promise<{ stop(): Promise<void> }> {
  const client = await connect({ servers: url });
  const { consumers } = jetstream(client);
  const messages = await (typeof what === "string" ? consumers.get(STREAM, what) : consumers.get(STREAM, what)).then(
    (consumer) => consumer.consume(),
  );
  const reading = (async () => {
    for await (const message of messages) message.ack();
  })();
  const stop = async (): Promise<void> => {
    messages.stop();
    await reading;
    await client.close();
  };
  onTestFinished(stop);
  await eventually(async () =>
    (await admin.durables(STREAM)).some(
      ({ name, waitingPulls }) => waitingPulls > 0 && (typeof what !== "string" || name === what),
    ),
  );
  return { stop };
}

it("counts what was published of each version, and leaves no consumer behind", async () => {
  await publish("parcels.sent.v1");
  for (let i = 0; i < 20; i++) await publish("parcels.sent.v2");
  await publish("parcels.lost.v1");
  const { traffic, readers, exists } = await look();
  expect(traffic).toMatchObject([
    { version: 2, stored: 20, perMinute: 2 },
    { version: 1, stored: 1, perMinute: 0.1 },
  ]);
  expect(traffic[0]?.lastPublishedAt).toBeGreaterThan(Date.now() - 60_000);
  expect({ exists, readers }).toEqual({ exists: true, readers: [] });
  expect(await admin.durables(STREAM)).toEqual([]);
  const later = await observe(admin, event, { windowMinutes: 10, now: Date.now() + 3_600_000 });
  expect(later.traffic.map(({ perMinute }) => perMinute)).toEqual([0, 0]);
});

it("finds who reads a version, by whatever filter", async () => {
  await durable("exact", ["parcels.sent.v1"], { metadata: { [METADATA.service]: "tracker" } });
  await durable("newer", ["parcels.sent.v2"]);
  await durable("wild", ["parcels.*.v1"]);
  await durable("several", ["parcels.lost.v1", "parcels.sent.*"]);
  await durable("everything", []);
  await durable("other", ["parcels.lost.>"]);
  const { readers } = await look();
  expect(Object.fromEntries(readers.map(({ name, versions }) => [name, versions]))).toEqual({
    exact: [1],
    newer: [2],
    wild: [1],
    several: [2, 1],
    everything: [2, 1],
  });
  expect(readers.find(({ name }) => name === "exact")).toMatchObject({
    service: "tracker",
    live: false,
    idleSince: undefined,
  });
});

describe("the gate of retiring", () => {
  it("opens when nobody reads", async () => {
    await durable("newer", ["parcels.sent.v2"]);
    await publish("parcels.sent.v1");
    expect(await retires(7)).toBe(true);
  });

  it("is shut while somebody waits for the older version, and opens when the durable is gone", async () => {
    await durable("old-reader", ["parcels.sent.v1"]);
    const { stop } = await read("old-reader");
    expect((await look()).readers).toMatchObject([{ name: "old-reader", live: true }]);
    expect(await retires()).toBe(false);
    await stop();
    // Nothing shows that it will not come back.
    await eventually(async () => (await admin.durable(STREAM, "old-reader"))?.waitingPulls === 0);
    expect(await retires()).toBe(false);
    await admin.deleteDurable(STREAM, "old-reader");
    expect(await retires()).toBe(true);
  });

  it("is shut for a reader that is paused, which waits for something else and will be back", async () => {
    await durable("paused", ["parcels.sent.v1"]);
    const client = await connect({ servers: url });
    onTestFinished(() => client.close());
    const { consumers } = await jetstreamManager(client);
    await consumers.pause(STREAM, "paused", new Date(Date.now() + 3_600_000));
    expect((await look()).readers).toMatchObject([{ name: "paused", live: true, waitingPulls: 0 }]);
    expect(await retires()).toBe(false);
  });

  it.each([
    ["a wildcard", ["parcels.>"]],
    ["no filter", []],
  ])("is shut for a live reader with %s", async (_what, filters) => {
    await durable("audit", filters);
    await read("audit");
    expect(await retires()).toBe(false);
  });

  it("is shut for a reader that has no durable", async () => {
    await read({ filter_subjects: "parcels.sent.v1" });
    expect((await look()).readers).toMatchObject([{ durable: false, live: true }]);
    expect(await retires()).toBe(false);
  });

  it("takes what lies undelivered for proof that nobody asked since", async () => {
    await durable("gone", ["parcels.sent.v1"]);
    await publish("parcels.sent.v2");
    expect((await look()).readers).toMatchObject([{ name: "gone", idleSince: undefined }]);
    await publish("parcels.sent.v1");
    await eventually(async () => ((await admin.durable(STREAM, "gone"))?.pending ?? 0) > 0);
    const [reader] = (await look()).readers;
    expect(reader?.idleSince).toBe((await admin.message(STREAM, 2))?.storedAt);
    expect(await retires(0)).toBe(true);
    expect(await retires(1)).toBe(false);
  });

  it("is shut for a stream that copies this one", async () => {
    const client = await connect({ servers: url });
    onTestFinished(() => client.close());
    await (await jetstreamManager(client)).streams.add({ name: "ARCHIVE", sources: [{ name: STREAM }] });
    expect((await look()).copies).toEqual(["ARCHIVE"]);
    expect(await retires()).toBe(false);
  });
});

it("says that a stream does not exist", async () => {
  await admin.deleteStream(STREAM);
  expect(await look()).toMatchObject({ exists: false, traffic: [], readers: [] });
});
