/** What provisioning would do about a change of the contract is what `tandem diff` says of it before. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { DurableInfo, StreamInfo } from "@tandem/runtime/admin";
import { expect, it } from "vitest";
import { compareModels } from "../../codegen/diff/changes.ts";
import { emitTopology } from "../../codegen/emit/topology.ts";
import { readModel } from "../../codegen/generate.ts";
import type { Model } from "../../codegen/model/model.ts";
import type { Topology } from "../topology.ts";
import { readAllowed } from "./allow.ts";
import { type DesiredDurable, type DesiredStream, desiredDurables, desiredStreams } from "./desired.ts";
import { durableDangers } from "./durable-dangers.ts";
import { planDurable, planStream } from "./plan.ts";
import { streamDangers } from "./stream-dangers.ts";

const folder = fileURLToPath(new URL("../../codegen/diff/testdata/delivery/", import.meta.url));

async function contract(file: string): Promise<{ model: Model; topology: Topology }> {
  const { model, diagnostics } = await readModel(file, await readFile(`${folder}${file}`, "utf8"), {});
  if (model === undefined) throw new Error(JSON.stringify(diagnostics));
  return { model, topology: JSON.parse(emitTopology(model, "test")) };
}

const [base, current] = [await contract("base.yaml"), await contract("asyncapi.yaml")];
const changes = compareModels(base.model, current.model);

/** Which kind of change tells of a setting; what is not here is told as a change of an event or a reader. */
const TELLS: Readonly<Record<string, string>> = {
  maxAgeMs: "age-changed",
  duplicateWindowMs: "duplicate-window-changed",
  replicas: "replicas-changed",
  atomicBatches: "batches-changed",
  ackWaitMs: "ack-wait-changed",
  maxDeliver: "attempts-changed",
  maxAckPending: "concurrency-changed",
  priority: "priority-changed",
};

/** What the contract does not decide. */
const UNDECIDED = {
  ...{ description: "", maxBytes: -1, maxMessages: -1, maxMessageBytes: -1 },
  ...{ denyDelete: false, denyPurge: false },
};

/** As the base was provisioned, full of messages that were delivered more than once and that somebody reads. */
function streamOf({ name, settings }: DesiredStream): StreamInfo {
  const counts = { messages: 9, bytes: 9, firstSequence: 1, lastSequence: 9, consumers: 3 };
  return { name, settings: { ...UNDECIDED, ...settings }, ...counts };
}

function durableOf({ stream, name, settings }: DesiredDurable): DurableInfo {
  const place = { deliveredSequence: 5, settledSequence: 3, pausedForMs: 0 };
  const counts = { pending: 4, ackPending: 2, redelivered: 2, waitingPulls: 1 };
  return { stream, name, durable: true, settings: { description: "", replicas: 0, ...settings }, ...counts, ...place };
}

/** Half of what is stored is older than any age. */
const counting = {
  countMessages: (_stream: string, _subject: string, { since }: { since?: number } = {}) =>
    Promise.resolve(since === undefined ? 8 : 4),
  durables: () => Promise.resolve([]),
};

it.each(["development", "production"])("of the streams on %s", async (server) => {
  const before = new Map(desiredStreams(base.topology, server).map((stream) => [stream.name, streamOf(stream)]));
  for (const stream of desiredStreams(current.topology, server)) {
    const running = before.get(stream.name);
    const told = changes.filter(({ subject }) => subject === stream.name || subject === `server ${server}`);
    const { kind: planned, fields } = planStream(stream, running);
    const kinds = planned === "create" ? ["stream-added"] : fields.flatMap(({ field }) => TELLS[field] ?? []);
    expect(told.map(({ kind }) => kind)).toEqual(expect.arrayContaining(kinds));
    const dangers = running === undefined ? [] : await streamDangers(counting, stream, running, current.topology);
    for (const { kind } of dangers.filter((danger) => danger.kind !== "subjects"))
      expect(told).toContainEqual(
        expect.objectContaining({ verdict: "undecided", what: expect.stringContaining(`--allow ${kind}`) }),
      );
  }
});

it("of the durables", async () => {
  const before = new Map(desiredDurables(base.topology).map((durable) => [durable.name, durableOf(durable)]));
  const seen: string[] = [];
  for (const durable of desiredDurables(current.topology)) {
    const running = before.get(durable.name);
    if (running === undefined) throw new Error(`${durable.name} is new`);
    const { fields } = planDurable(durable, running);
    seen.push(...fields.map(({ field }) => field));
    const [service] = durable.name.split("-");
    const told = changes.filter(({ what }) => what.includes(`${service}`));
    expect(told.map(({ kind }) => kind)).toEqual(expect.arrayContaining(fields.map(({ field }) => TELLS[field])));
    for (const { kind } of await durableDangers(counting, durable, running)) {
      const allow = `--allow ${kind}:${durable.stream}/${durable.name}`;
      expect(told).toContainEqual(
        expect.objectContaining({ verdict: "undecided", what: expect.stringContaining(allow) }),
      );
    }
  }
  expect(new Set(seen)).toEqual(new Set(["ackWaitMs", "maxDeliver", "maxAckPending", "priority"]));
});

it("in words that --allow takes", () => {
  const words = changes.flatMap(({ what }) => [...what.matchAll(/--allow ([\w:/-]+)/g)].map(([, word = ""]) => word));
  expect(words).toEqual(expect.arrayContaining(["max-age:PARCELS", "replicas", "batches"]));
  expect(() => readAllowed(words)).not.toThrow();
});
