import { openAdmin } from "@tandem/runtime/admin";
import { expect, it } from "vitest";
import { natsForTest } from "../../lab/testing/servers.ts";
import { readTopology, type Topology } from "../topology.ts";
import { provision } from "./provision.ts";

const topology = readTopology("generated/topology.json");
const { url: natsUrl } = await natsForTest();

function kinds(changes: Awaited<ReturnType<typeof provision>>["changes"]): readonly string[] {
  return [...new Set(changes.map(({ kind }) => kind))];
}

it("says what it would do and does nothing, does it, and then has nothing to do", async () => {
  const admin = await openAdmin({ servers: [natsUrl] });
  try {
    const planned = await provision(topology, { natsUrl, dryRun: true });
    expect(kinds(planned.changes)).toEqual(["create"]);
    expect(await admin.streams()).toEqual([]);

    expect(kinds((await provision(topology, { natsUrl })).changes)).toEqual(["create"]);
    expect((await admin.streams()).map(({ name }) => name).sort()).toEqual(
      [...topology.streams.map(({ name }) => name), "TANDEM_ADVISORIES", "TANDEM_AUDIT"].sort(),
    );
    const steward = await admin.durable("TANDEM_ADVISORIES", "steward-orders");
    expect(steward?.settings.filterSubjects).toContain("$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.ORDERS.*");

    const durable = await admin.durable("ORDERS", "inventory-orderCreated-v1");
    expect(durable?.settings).toMatchObject({
      ackWaitMs: 30_000,
      maxDeliver: 105,
      filterSubjects: ["orders.created.v1", "replay.inventory-orderCreated-v1"],
    });
    const deadLetters = await admin.stream("DEAD_LETTERS");
    expect(deadLetters?.settings).toMatchObject({ retention: "limits", maxAgeMs: 30 * 86_400_000 });

    expect(kinds((await provision(topology, { natsUrl })).changes)).toEqual(["unchanged"]);
  } finally {
    await admin.close();
  }
});

it("follows the contract and keeps the place of a durable", async () => {
  await provision(topology, { natsUrl });
  const slower: Topology = {
    ...topology,
    consumers: topology.consumers.map((consumer) => ({ ...consumer, ackWaitMs: 45_000 })),
  };
  const { changes } = await provision(slower, { natsUrl });
  const updated = changes.filter(({ kind }) => kind === "update");
  expect(updated.map(({ resource }) => resource)).toEqual(topology.consumers.map(() => "durable"));
  expect(updated[0]?.fields).toEqual([{ field: "ackWaitMs", from: 30_000, to: 45_000 }]);
});

it("changes nothing at all when one thing is refused", async () => {
  const admin = await openAdmin({ servers: [natsUrl] });
  try {
    await provision(topology, { natsUrl });
    const other: Topology = {
      ...topology,
      contract: "Another",
      streams: [
        { name: "NEW", owner: null, subjects: ["new.>"], maxAgeMs: 0, duplicateWindowMs: 60_000, servers: {} },
        ...topology.streams,
      ],
    };
    await expect(provision(other, { natsUrl, server: "development" })).rejects.toThrow(
      /Nothing was changed.*belongs to the contract/s,
    );
    expect(await admin.stream("NEW")).toBeUndefined();
  } finally {
    await admin.close();
  }
});

it("leaves what several contracts share as the first of them made it, and adds a steward of its own", async () => {
  await provision(topology, { natsUrl });
  const replicas = { development: { replicas: 3, atomicBatches: false } };
  const returns: Topology = {
    ...topology,
    contract: "Returns & Refunds",
    streams: [
      {
        name: "RETURNS",
        owner: null,
        subjects: ["returns.>"],
        maxAgeMs: 0,
        duplicateWindowMs: 60_000,
        servers: replicas,
      },
    ],
    consumers: [],
  };
  const { changes } = await provision(returns, { natsUrl, dryRun: true });
  expect(changes.filter(({ name }) => name.startsWith("TANDEM_"))).toMatchObject([
    { name: "TANDEM_ADVISORIES", kind: "unchanged" },
    { name: "TANDEM_AUDIT", kind: "unchanged" },
    { name: "TANDEM_ADVISORIES/steward-returns-refunds", kind: "create" },
  ]);
});

it("refuses a server that the contract does not have", async () => {
  await expect(provision(topology, { natsUrl, server: "staging" })).rejects.toThrow(
    /no NATS server "staging".*development, production/,
  );
});
