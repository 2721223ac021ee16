/** Two contracts on one server: one owns a stream, the other reads it. */
import { openAdmin } from "@tandem/runtime/admin";
import { expect, it } from "vitest";
import { publishRaw } from "../../lab/testing/publish-raw.ts";
import { natsForTest } from "../../lab/testing/servers.ts";
import { readTopology } from "../topology.ts";
import { provision } from "./provision.ts";
import { stewardDurable } from "./own-streams.ts";

const billing = readTopology("codegen/testdata/other-team/expected/topology.json");
const orders = {
  ...billing,
  contract: "Orders",
  streams: [
    {
      name: "ORDERS",
      owner: "order",
      subjects: ["orders.created.v2", "orders.created.v3", "orders.cancelled.v1", "replay.ORDERS.*"],
      maxAgeMs: 86_400_000,
      duplicateWindowMs: 60_000,
      servers: { main: { replicas: 1, atomicBatches: false } },
    },
  ],
  otherStreams: [],
  consumers: [],
  messages: [],
};
const { url: natsUrl } = await natsForTest();

it("makes the reader's durables on the owner's stream, and nothing else of it", async () => {
  const admin = await openAdmin({ servers: [natsUrl] });
  try {
    await expect(provision(billing, { natsUrl })).rejects.toThrow(
      'Nothing was changed, because not everything can be: stream ORDERS: it is not on this server: the contract "Orders" owns it, and has to be provisioned first.',
    );
    expect(await admin.streams()).toEqual([]);

    await provision(orders, { natsUrl });
    const before = await admin.stream("ORDERS");
    const { changes } = await provision(billing, { natsUrl });
    const made = changes.filter(({ name }) => name.startsWith("ORDERS")).map(({ kind, name }) => `${kind} ${name}`);
    expect(made).toEqual([
      "create ORDERS/billing-orderCancelled-v1",
      "create ORDERS/billing-orderPlaced-v2",
      "create ORDERS/billing-orderPlaced-v3",
    ]);
    expect((await admin.stream("ORDERS"))?.settings).toEqual(before?.settings);
    const again = await provision(billing, { natsUrl });
    expect([...new Set(again.changes.map(({ kind }) => kind))]).toEqual(["unchanged"]);

    // The owner sees whose they are, and leaves them alone.
    const { changes: owners } = await provision(orders, { natsUrl });
    expect(owners.filter(({ kind }) => kind === "unknown").map(({ reason }) => reason)).toEqual(
      Array.from({ length: 3 }, () => 'the contract "Billing" reads the stream with it; it is left alone'),
    );
  } finally {
    await admin.close();
  }
});

it("sends back through the owner's stream, to one durable alone", async () => {
  const admin = await openAdmin({ servers: [natsUrl] });
  try {
    const data = new TextEncoder().encode("{}");
    await publishRaw(natsUrl, { subject: "replay.ORDERS.billing-orderPlaced-v2", headers: {}, data });
    const pending = async (durable: string) => (await admin.durable("ORDERS", durable))?.pending;
    expect(await pending("billing-orderPlaced-v2")).toBe(1);
    expect(await pending("billing-orderPlaced-v3")).toBe(0);
  } finally {
    await admin.close();
  }
});

it("hears of what the server gives up of its own durables alone", () => {
  const filters = stewardDurable(billing).settings.filterSubjects;
  const others = filters.filter((subject) => subject.includes(".ORDERS."));
  expect(others.map((subject) => subject.split(".").slice(-2).join("."))).toEqual([
    "ORDERS.billing-orderCancelled-v1",
    "ORDERS.billing-orderPlaced-v2",
    "ORDERS.billing-orderPlaced-v3",
  ]);
});

it("refuses a stream that another contract than the owner has made", async () => {
  const mistaken = { ...billing, otherStreams: [{ name: "ORDERS", contract: "Shop" }] };
  await expect(provision(mistaken, { natsUrl })).rejects.toThrow(
    'stream ORDERS: it belongs to the contract "Orders", and not to "Shop"',
  );
});
