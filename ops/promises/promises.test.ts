import type { DatabaseDurability, StreamSettings } from "@tandem/runtime/admin";
import { describe, expect, it } from "vitest";
import { readTopology } from "../topology.ts";
import type { Facts } from "./facts.ts";
import { promisesOf } from "./promises.ts";

const topology = readTopology("generated/topology.json");
const settings: StreamSettings = {
  description: "",
  subjects: [],
  retention: "limits",
  storage: "file",
  replicas: 3,
  discard: "old",
  maxAgeMs: 0,
  maxBytes: -1,
  maxMessages: -1,
  maxMessageBytes: -1,
  duplicateWindowMs: 0,
  atomicBatches: true,
  directGet: true,
  denyDelete: false,
  denyPurge: false,
  metadata: {},
};
const database: DatabaseDurability = {
  fsync: "on",
  synchronousCommit: "on",
  fullPageWrites: "on",
  walWriterDelayMs: 200,
  synchronousStandbys: "",
};
const facts: Facts = {
  topology,
  server: "127.0.0.1:4222",
  syncing: { kind: "always" },
  streams: Object.fromEntries(topology.streams.map(({ name }) => [name, settings])),
  missingDurables: [],
  database,
};

function promise(id: string, changes: Partial<Facts> = {}) {
  return promisesOf({ ...facts, ...changes }).find((found) => found.id === id);
}

function withStream(name: string, changes: Partial<StreamSettings>): Partial<Facts> {
  return { streams: { ...facts.streams, [name]: { ...settings, ...changes } } };
}

describe("a loss of power", () => {
  it("loses nothing where everything is on the disk before it is acknowledged", () => {
    expect(promise("broker-power-r3")).toMatchObject({ state: "kept" });
    expect(promise("database-power")).toMatchObject({ state: "kept" });
  });

  it("opens the broker's window for as long as it waits to write, and names the streams by their replicas", () => {
    const changes = { ...withStream("ORDERS", { replicas: 1 }), syncing: { kind: "every", ms: 120_000 } } as const;
    const one = promise("broker-power-r1", changes);
    expect(one).toMatchObject({ state: "window", when: expect.stringContaining("that holds ORDERS loses power") });
    expect(one?.then).toContain("last 2 minutes");
    expect(one?.set).toContain("sync_interval: always");
    expect(promise("broker-power-r3", changes)?.when).toMatch(
      /^2 of the 3 machines that hold DEAD_LETTERS, INVENTORY and PAYMENTS/,
    );
  });

  it("is unknown where nobody asked the monitoring port, and says how to know", () => {
    expect(promise("broker-power-r3", { syncing: { kind: "unknown" } })).toMatchObject({
      state: "unknown",
      set: expect.stringContaining("--monitor"),
    });
  });

  it("opens the database's window when commits do not wait, and more when nothing is forced to the disk", () => {
    const hasty = promise("database-power", { database: { ...database, synchronousCommit: "off" } });
    expect(hasty).toMatchObject({ state: "window", set: "synchronous_commit = on." });
    expect(hasty?.then).toContain("last 0.6 seconds");
    const reckless = promise("database-power", { database: { ...database, fsync: "off", fullPageWrites: "off" } });
    expect(reckless?.then).toContain("fsync and full_page_writes off");
  });
});

describe("a lost disk", () => {
  it("asks for replicas of streams, and for a standby of the database", () => {
    expect(promise("broker-disk-r1", withStream("ORDERS", { replicas: 1 }))?.set).toContain("replicas: 3");
    expect(promise("database-disk")).toMatchObject({ state: "window" });
    expect(promise("database-disk", { database: { ...database, synchronousStandbys: "far" } })?.state).toBe("kept");
  });
});

describe("time", () => {
  it("is how long streams, dead letters and inboxes keep things", () => {
    expect(promise("max-age-2592000000")).toMatchObject({ state: "window", when: expect.stringContaining("30 days") });
    expect(promise("inbox")?.then).toContain("for 61 days");
    expect(promise("history")?.then).toContain("for 31 days");
    expect(promise("dead-letters-DEAD_LETTERS")?.when).toContain("30 days");
    expect(promise("duplicate-window-600000")?.when).toContain("more than 10 minutes");
  });

  it("does not end where a stream keeps its messages for ever", () => {
    const forEver = { ...topology, streams: topology.streams.map((stream) => ({ ...stream, maxAgeMs: 0 })) };
    expect(promise("max-age-0", { topology: forEver })).toMatchObject({ state: "kept" });
    expect(promise("inbox", { topology: forEver })?.then).toContain("for ever");
  });
});

describe("what is not as the contract says", () => {
  it("is told: a missing stream or durable, a stream in memory, a stream with a limit", () => {
    const { ORDERS: _, ...others } = facts.streams;
    expect(promise("provisioned")).toMatchObject({ state: "kept" });
    expect(promise("provisioned", { streams: others })?.then).toContain("no stream ORDERS");
    expect(promise("provisioned", { missingDurables: ["ORDERS/x"] })?.then).toContain("no durable ORDERS/x");
    expect(promise("broker-process", withStream("ORDERS", { storage: "memory" }))?.then).toContain("ORDERS");
    expect(promise("stream-limits")).toBeUndefined();
    expect(promise("stream-limits", withStream("ORDERS", { maxBytes: 10 }))?.when).toBe("ORDERS is full");
  });

  it("is unknown without servers", () => {
    const blind = promisesOf({ ...facts, server: undefined, database: undefined });
    expect(blind.filter(({ state }) => state === "unknown").map(({ id }) => id)).toEqual(["broker", "database"]);
  });
});
