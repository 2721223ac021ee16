import type { DurableInfo, StreamInfo } from "@tandem/runtime/admin";
import { describe, expect, it } from "vitest";
import type { Topology } from "../topology.ts";
import { desiredDurables, desiredStreams } from "./desired.ts";
import { planDurable, planStream, planUnknown } from "./plan.ts";

const topology: Topology = {
  format: 2,
  contract: "Parcels",
  contractVersion: "1.0.0",
  streams: [
    {
      name: "PARCELS",
      owner: "depot",
      subjects: ["parcels.sent.v1", "parcels.lost.v1"],
      maxAgeMs: 86_400_000,
      duplicateWindowMs: 60_000,
      servers: { development: { replicas: 1, atomicBatches: false }, production: { replicas: 3, atomicBatches: true } },
    },
  ],
  consumers: [
    {
      stream: "PARCELS",
      durable: "desk-parcelSent-v1",
      service: "desk",
      channel: "parcelSent",
      event: "parcels.sent",
      version: 1,
      filterSubjects: ["parcels.sent.v1", "replay.desk-parcelSent-v1"],
      deadLetterSubject: "dead.desk.parcelSent.v1",
      replaySubject: "replay.desk-parcelSent-v1",
      orderedByKey: false,
      ackWaitMs: 30_000,
      maxAttempts: 5,
      maxDeliver: 8,
      maxAckPending: 1_000,
    },
  ],
  messages: [],
};

const [stream] = desiredStreams(topology, "development");
const [durable] = desiredDurables(topology);
if (!stream || !durable) throw new Error("the topology of this test has one stream and one durable");

const runningStream: StreamInfo = {
  name: "PARCELS",
  settings: {
    ...stream.settings,
    description: "",
    maxBytes: -1,
    maxMessages: -1,
    maxMessageBytes: -1,
    denyDelete: false,
    denyPurge: false,
  },
  messages: 0,
  bytes: 0,
  firstSequence: 0,
  lastSequence: 0,
  consumers: 0,
};

const runningDurable: DurableInfo = {
  stream: "PARCELS",
  name: "desk-parcelSent-v1",
  durable: true,
  settings: { ...durable.settings, description: "", replicas: 0 },
  pending: 0,
  ackPending: 0,
  redelivered: 0,
  waitingPulls: 0,
  deliveredSequence: 0,
  settledSequence: 0,
  pausedForMs: 0,
};

function streamWith(settings: Partial<StreamInfo["settings"]>): StreamInfo {
  return { ...runningStream, settings: { ...runningStream.settings, ...settings } };
}

describe("planStream", () => {
  it("creates what is not there", () => {
    expect(planStream(stream, undefined).kind).toBe("create");
  });

  it("leaves what is as the contract says, in whatever order the subjects come", () => {
    expect(planStream(stream, streamWith({ subjects: ["parcels.lost.v1", "parcels.sent.v1"] })).kind).toBe("unchanged");
  });

  it("leaves what only the server or an operator decides", () => {
    const metadata = { ...stream.settings.metadata, "operator.note": "moved in March" };
    expect(planStream(stream, streamWith({ maxBytes: 1_000_000, metadata })).kind).toBe("unchanged");
  });

  it("updates what differs and says what was", () => {
    const change = planStream(stream, streamWith({ maxAgeMs: 1_000, subjects: ["parcels.sent.v1"] }));
    expect(change.kind).toBe("update");
    expect(change.fields).toEqual([
      { field: "subjects", from: ["parcels.sent.v1"], to: ["parcels.sent.v1", "parcels.lost.v1"] },
      { field: "maxAgeMs", from: 1_000, to: 86_400_000 },
    ]);
  });

  it("refuses what a server cannot change", () => {
    const change = planStream(stream, streamWith({ storage: "memory" }));
    expect(change).toMatchObject({
      kind: "refused",
      reason: expect.stringMatching(
        /^storage is memory and cannot be changed on an existing stream\. .*nats stream rm PARCELS/,
      ),
    });
  });

  it("refuses the stream of another contract", () => {
    const change = planStream(stream, streamWith({ metadata: { "tandem.contract": "Orders" } }));
    expect(change.kind).toBe("refused");
    expect(change.reason).toContain('"Orders"');
  });

  it("takes replicas and batches from the chosen server", () => {
    const [inProduction] = desiredStreams(topology, "production");
    expect(inProduction?.settings).toMatchObject({ replicas: 3, atomicBatches: true });
  });
});

describe("planDurable", () => {
  it("creates, leaves and updates", () => {
    expect(planDurable(durable, undefined).kind).toBe("create");
    expect(planDurable(durable, runningDurable).kind).toBe("unchanged");
    const slower = { ...runningDurable, settings: { ...runningDurable.settings, ackWaitMs: 5_000 } };
    expect(planDurable(durable, slower).fields).toEqual([{ field: "ackWaitMs", from: 5_000, to: 30_000 }]);
  });

  it("never resets a durable to begin elsewhere", () => {
    const elsewhere: DurableInfo = { ...runningDurable, settings: { ...runningDurable.settings, deliverFrom: "new" } };
    expect(planDurable(durable, elsewhere).kind).toBe("refused");
  });
});

describe("planUnknown", () => {
  it("reports a durable that the contract does not ask for, and no reader's short-lived consumer", () => {
    const stranger = { ...runningDurable, name: "audit" };
    const reader = { ...runningDurable, name: "x1y2", durable: false };
    const changes = planUnknown("Orders", [durable], [runningDurable, stranger, reader]);
    expect(changes.map(({ kind, name }) => ({ kind, name }))).toEqual([{ kind: "unknown", name: "PARCELS/audit" }]);
  });
});
