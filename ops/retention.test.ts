import { describe, expect, it } from "vitest";
import { historyLimits } from "./retention.ts";
import { readTopology, type TopologyStream } from "./topology.ts";

const topology = readTopology("generated/topology.json");
const DAY_MS = 86_400_000;
const [stream] = topology.streams;
if (stream === undefined) throw new Error("no stream");

const limitsOf = (...streams: readonly Partial<TopologyStream>[]) =>
  historyLimits({
    ...topology,
    streams: streams.map((changes) => ({ ...stream, subjects: ["a.made.v1"], ...changes })),
  });

const letters = { subjects: ["dead.*.*.*"] };

describe("the limits", () => {
  it("follow from the longest stream, the dead letters and a day for the clocks", () => {
    const limits = limitsOf({ maxAgeMs: 7 * DAY_MS }, { maxAgeMs: 3 * DAY_MS }, { ...letters, maxAgeMs: 30 * DAY_MS });
    expect(limits).toEqual({ publishedForMs: 8 * DAY_MS, inboxForMs: 38 * DAY_MS });
  });

  it("are infinite where a stream keeps for ever, which the stream of dead letters may do alone", () => {
    expect(limitsOf({ maxAgeMs: 0 }, { ...letters, maxAgeMs: DAY_MS })).toEqual({
      publishedForMs: Infinity,
      inboxForMs: Infinity,
    });
    expect(limitsOf({ maxAgeMs: DAY_MS }, { ...letters, maxAgeMs: 0 })).toEqual({
      publishedForMs: 2 * DAY_MS,
      inboxForMs: Infinity,
    });
  });

  it("come of a contract without dead letters too", () => {
    expect(limitsOf({ maxAgeMs: DAY_MS })).toEqual({ publishedForMs: 2 * DAY_MS, inboxForMs: 2 * DAY_MS });
  });
});
