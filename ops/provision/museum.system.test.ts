/** Bugs that other systems had, each a test of its name: what a provisioner must not do. */
import { openAdmin, type Admin } from "@tandem/runtime/admin";
import { afterAll, beforeEach, expect, it } from "vitest";
import { publishRaw } from "../../lab/testing/publish-raw.ts";
import { natsForTest } from "../../lab/testing/servers.ts";
import { deleteStreams } from "../../lab/testing/shared-nats.ts";
import { readTopology, type Topology } from "../topology.ts";
import { provision } from "./provision.ts";

const topology = readTopology("generated/topology.json");
const { url: natsUrl } = await natsForTest();
const admin: Admin = await openAdmin({ servers: [natsUrl] });
afterAll(() => admin.close());
beforeEach(() => deleteStreams(natsUrl));

const bytes = new TextEncoder().encode("{}");

it("a dead-letter queue configured but never armed", async () => {
  await provision(topology, { natsUrl });
  for (const { durable, deadLetterSubject } of topology.consumers) {
    const stored = await publishRaw(natsUrl, { subject: deadLetterSubject, headers: {}, data: bytes });
    expect([durable, stored.stream]).toEqual([durable, "DEAD_LETTERS"]);
  }
});

it("a dead-letter stream with work-queue retention cannot be browsed", async () => {
  await admin.createStream("DEAD_LETTERS", { subjects: ["dead.*.*.*"], retention: "workqueue" });
  await expect(provision(topology, { natsUrl })).rejects.toThrow(/retention is workqueue and cannot be changed/);
  await deleteStreams(natsUrl);
  await provision(topology, { natsUrl });
  await publishRaw(natsUrl, { subject: "dead.inventory.orderCreated.v1", headers: {}, data: bytes });
  for (const time of ["once", "twice"]) {
    const browsed: number[] = [];
    for await (const { sequence } of admin.readStream("DEAD_LETTERS", { follow: false })) browsed.push(sequence);
    expect([time, browsed]).toEqual([time, [1]]);
  }
});

it("two services overwrite a shared stream's configuration", async () => {
  await provision(topology, { natsUrl });
  const before = await admin.stream("ORDERS");
  const streams = topology.streams.map((stream) => ({ ...stream, maxAgeMs: 1_000 }));
  const other: Topology = { ...topology, contract: "Another system", streams };
  await expect(provision(other, { natsUrl })).rejects.toThrow(/two systems cannot share a stream/);
  expect((await admin.stream("ORDERS"))?.settings).toEqual(before?.settings);
});

it("a consumer without a filter sees everything", async () => {
  await provision(topology, { natsUrl });
  for (const { stream, durable, filterSubjects } of topology.consumers) {
    const settings = (await admin.durable(stream, durable))?.settings;
    expect(settings?.filterSubjects).toEqual(filterSubjects);
    expect(filterSubjects).not.toEqual([]);
  }
  await publishRaw(natsUrl, { subject: "orders.cancelled.v1", headers: {}, data: bytes });
  expect((await admin.durable("ORDERS", "inventory-orderCreated-v1"))?.pending).toBe(0);
  expect((await admin.durable("ORDERS", "inventory-orderCancelled-v1"))?.pending).toBe(1);
});

it("a new consumer replays all history by surprise", async () => {
  const [late] = topology.consumers.filter(({ durable }) => durable === "inventory-orderCancelled-v1");
  const earlier: Topology = { ...topology, consumers: topology.consumers.filter((consumer) => consumer !== late) };
  await provision(earlier, { natsUrl });
  for (let index = 0; index < 3; index += 1) {
    await publishRaw(natsUrl, { subject: "orders.cancelled.v1", headers: {}, data: bytes });
  }
  const planned = await provision(topology, { natsUrl, dryRun: true });
  expect(planned.changes.filter(({ kind }) => kind === "create")).toEqual([
    { resource: "durable", name: "ORDERS/inventory-orderCancelled-v1", kind: "create", fields: [], backlog: 3 },
  ]);
});
