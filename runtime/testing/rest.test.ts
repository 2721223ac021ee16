import { describe, expect, it } from "vitest";
import type { DurableInfo } from "../nats/admin-shapes.ts";
import { untilSettled, type Reader, type RestSources } from "./rest.ts";
import type { DeliveryInHand } from "./work-in-hand.ts";

const reader: Reader = {
  ...{ service: "store", stream: "S", durable: "d", subjects: ["e.v1"], group: ["d"], concurrency: 2 },
};

function durable(changes: Partial<DurableInfo> = {}): DurableInfo {
  const settings: DurableInfo["settings"] = {
    ...{ description: "", filterSubjects: [], deliverFrom: "all" as const, ackWaitMs: 1, maxDeliver: 1 },
    ...{ maxAckPending: 1, priority: null, replicas: 1, metadata: {} },
  };
  return {
    ...{ stream: "S", name: "d", durable: true, settings, pending: 0, ackPending: 0, redelivered: 0, waitingPulls: 1 },
    ...{ deliveredSequence: 3, settledSequence: 3, pausedForMs: 0 },
    ...changes,
  };
}

function inHand(outcome?: "held" | "retried", sleeping = 0): DeliveryInHand {
  const place = { stream: "S", sequence: 1, subject: "e.v1", durable: "d" };
  const delivery = { ...place, data: new Uint8Array(), headers: {}, deliveryCount: 1, storedAt: 0 };
  const ids = { eventId: "e-1", correlationId: "c", causationId: "c", key: "k" };
  const last = outcome && { ...place, ...ids, service: "store", event: "e", version: 1, outcome, attempt: 1 };
  return { service: "store", delivery, sleeping, last };
}

/** A system of one durable, at rest but for what is said. */
function sources(changes: Partial<RestSources> & { info?: DurableInfo | undefined } = {}): RestSources {
  const { info = durable(), ...rest } = changes;
  return {
    outboxes: async () => [{ service: "shop", rows: 0, refused: 0 }],
    parked: async () => [],
    refresh: async () => [["S", 3]],
    readers: () => [reader],
    durables: async () => [info],
    lastOf: () => 3,
    inHand: () => [],
    jobs: () => [],
    clockIsMoved: false,
    lastWords: () => undefined,
    ...rest,
  };
}

const settled = async (changes: Parameters<typeof sources>[0], allowHeld = false) =>
  untilSettled(sources(changes), { deadlineMs: 30, allowHeld });

describe("rest", () => {
  it("is there when two looks find nothing", async () => {
    expect(await settled({})).toEqual([]);
  });

  it.each<[string, Parameters<typeof sources>[0], RegExp]>([
    [
      "an outbox that is not empty",
      { outboxes: async () => [{ service: "shop", rows: 2, refused: 0 }] },
      /outbox of shop: 2 not/,
    ],
    ["a message that its durable has not heard of", { lastOf: () => 4 }, /d: 1 to be delivered/],
    ["a message that is to be delivered", { info: durable({ pending: 7 }) }, /d: 7 to be delivered/],
    [
      "a delivery that runs",
      { info: durable({ ackPending: 1 }), inHand: () => [inHand()] },
      /e\.v1 #1, delivery 1: runs/,
    ],
    ["a delivery in another process", { info: durable({ ackPending: 1 }) }, /d: 1 delivered and not settled$/],
    ["a durable that is not there", { durables: async () => [] }, /d: the durable is not there/],
    ["a job", { jobs: () => ["job tick of shop"] }, /job tick of shop runs/],
    [
      "a server that does not answer",
      { refresh: async () => Promise.reject(new Error("NATS is away")) },
      /cannot be seen: NATS is away/,
    ],
  ])("is not there with %s", async (_, changes, words) => {
    await expect(settled(changes, true)).rejects.toThrow(words);
  });

  it("is not there while something happens between the looks", async () => {
    let sequence = 0;
    await expect(settled({ refresh: async () => [["S", sequence++]] })).rejects.toMatchObject({ code: "NOT_SETTLED" });
  });

  it("is there for whoever allows what is held; the others are told why not", async () => {
    const held = { info: durable({ ackPending: 1 }), inHand: () => [inHand("held")] };
    expect(await settled(held, true)).toEqual([
      expect.stringMatching(/^d: 1 delivered and not settled\n.*event e-1: held$/),
    ]);
    await expect(settled(held)).rejects.toThrow(/waits: d: 1[^]*bring back what does not answer[^]*allowHeld: true/);
  });

  it("is there for whoever allows it, behind as many that are held as may run", async () => {
    const info = durable({ pending: 5, ackPending: 4 });
    expect(await settled({ info, inHand: () => [inHand("held"), inHand("held")] }, true)).toHaveLength(1);
    await expect(settled({ info, inHand: () => [inHand("held"), inHand()] }, true)).rejects.toThrow(
      "5 to be delivered",
    );
    // What waits for its retry is in nobody's way.
    const retried = () => [inHand("retried", 1), inHand("retried", 1)];
    await expect(settled({ info, inHand: retried, clockIsMoved: true }, true)).rejects.toThrow("5 to be delivered");
  });

  it("is there for whoever allows it, before a durable that is paused", async () => {
    const info = durable({ pending: 5, ackPending: 1, pausedForMs: 900 });
    expect(await settled({ info, inHand: () => [inHand("held")] }, true)).toHaveLength(1);
    await expect(settled({ info }, true)).rejects.toThrow("5 to be delivered, 1 delivered and not settled, paused");
  });

  it("does not wait for its deadline when only the clock can go on", async () => {
    const sleeping = { info: durable({ ackPending: 1 }), inHand: () => [inHand("retried", 1)] };
    const asked = untilSettled(sources({ ...sleeping, clockIsMoved: true }), { deadlineMs: 3_600_000 });
    await expect(asked).rejects.toThrow(/waits for the clock[^]*clock\.advance/);
    await expect(settled(sleeping)).rejects.toThrow("Not settled within 30 ms");
  });
});
