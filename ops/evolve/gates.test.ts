import { describe, expect, it } from "vitest";
import type { Step, StepBack } from "../../codegen/contract-editor/life.ts";
import { type GateFacts, type GateOptions, judge } from "./gates.ts";
import type { Observation, Reader } from "./observe.ts";

const DAY = 86_400_000;
const NOW = Date.parse("2026-03-01T12:00:00Z");
const passage = { older: 1, newer: 2, stage: "dual" } as const;
const facts: GateFacts = {
  event: "parcels.sent",
  stream: "PARCELS",
  handlers: [{ service: "tracker", operation: "trackerHandles", versions: [2], durable: "tracker-parcelSent-v1" }],
  doubts: [],
  sunset: undefined,
};

function reader(changes: Partial<Reader>): Reader {
  return {
    ...{ name: "old-reader", durable: true, service: undefined, filters: ["parcels.sent.v1"], versions: [1] },
    ...{ live: false, waitingPulls: 0, lag: 0, lastActiveAt: undefined, idleSince: undefined },
    ...changes,
  };
}

function seen(changes: Partial<Observation> = {}): Observation {
  const of = (version: number, lastPublishedAt: number | undefined) => ({
    version,
    perMinute: 1,
    stored: 5,
    lastPublishedAt,
  });
  return {
    ...{ at: NOW, server: "127.0.0.1", exists: true, windowMinutes: 10, readers: [], copies: [] },
    traffic: [of(2, NOW - 1_000), of(1, NOW - 1_000)],
    ...changes,
  };
}

function gate(
  step: Step | StepBack,
  observation: Observation | undefined,
  with_: Partial<GateFacts> = {},
  options: Partial<GateOptions> = {},
) {
  const reasons = judge(step, passage, { ...facts, ...with_ }, observation, { days: 7, accepted: [], ...options });
  return {
    opens: reasons.every(({ holds }) => holds),
    text: reasons.map(({ text, todo }) => `${text} ${todo ?? ""}`).join("\n"),
  };
}

const lists = (versions: readonly number[]) => ({
  handlers: [{ service: "tracker", operation: "trackerHandles", versions, durable: "tracker-parcelSent-v1" }],
});
const published = (v2: number | undefined, v1: number | undefined) => ({
  traffic: [2, 1].map((version) => ({ version, perMinute: 0, stored: 0, lastPublishedAt: version === 2 ? v2 : v1 })),
});

describe("the gates", () => {
  it.each<
    [
      what: string,
      opens: boolean,
      step: Step | StepBack,
      observation: Observation | undefined,
      facts?: Partial<GateFacts>,
      options?: Partial<GateOptions>,
    ]
  >([
    ["dual needs no broker", true, "dual", undefined],
    [
      "dual waits for doubts to be cleared",
      false,
      "dual",
      undefined,
      { doubts: [{ line: 7, text: "unsure: is it?" }] },
    ],

    ["flip: everybody lists the newer one and both flow", true, "flip", seen()],
    ["flip: a reader of both is as good", true, "flip", seen(), lists([2, 1])],
    [
      "flip: a reader lists only the older one and has a consumer that says whose it is",
      false,
      "flip",
      seen({ readers: [reader({ service: "tracker" })] }),
      lists([1]),
    ],
    [
      "flip: a reader lists only the older one and has a durable that is called so",
      false,
      "flip",
      seen({ readers: [reader({ name: "tracker-parcelSent-v1" })] }),
      lists([1]),
    ],
    [
      "flip: a reader lists only the older one and was never there",
      true,
      "flip",
      seen({ readers: [reader({ service: "other" })] }),
      lists([1]),
    ],
    ["flip: the newer one was never published", false, "flip", seen(published(undefined, NOW - 1_000))],
    ["flip: the newer one stopped long before the older one", false, "flip", seen(published(NOW - DAY, NOW - 1_000))],
    ["flip: nothing flows now, and both flowed", true, "flip", seen(published(NOW - DAY - 1_000, NOW - DAY))],
    ["flip: nothing was ever published", true, "flip", seen(published(undefined, undefined))],
    ["flip: no broker", false, "flip", undefined],

    ["deprecate: everybody lists the newer one", true, "deprecate", undefined],
    ["deprecate: somebody does not", false, "deprecate", undefined, lists([1])],

    ["retire: nobody reads", true, "retire", seen()],
    ["retire: no broker", false, "retire", undefined],
    ["retire: an operation lists it", false, "retire", seen(), lists([2, 1])],
    ["retire: it was promised until the end of the day", false, "retire", seen(), { sunset: "2026-03-01" }],
    ["retire: the promise is over", true, "retire", seen(), { sunset: "2026-02-28" }],
    ["retire: the broker knows no such stream", false, "retire", seen({ exists: false, traffic: [] })],
    ["retire: a live durable", false, "retire", seen({ readers: [reader({ live: true, waitingPulls: 2 })] })],
    [
      "retire: a live reader of everything",
      false,
      "retire",
      seen({ readers: [reader({ live: true, filters: [], versions: [2, 1] })] }),
    ],
    [
      "retire: a reader of the newer one only",
      true,
      "retire",
      seen({ readers: [reader({ live: true, versions: [2] })] }),
    ],
    ["retire: idle for long enough", true, "retire", seen({ readers: [reader({ idleSince: NOW - 7 * DAY })] })],
    ["retire: idle for too short", false, "retire", seen({ readers: [reader({ idleSince: NOW - 6 * DAY })] })],
    [
      "retire: idle for as long as is asked",
      true,
      "retire",
      seen({ readers: [reader({ idleSince: NOW - 6 * DAY })] }),
      {},
      { days: 5 },
    ],
    ["retire: idle, who knows since when", false, "retire", seen({ readers: [reader({})] }), {}, { days: 0 }],
    [
      "retire: a live reader that may lose it",
      true,
      "retire",
      seen({ readers: [reader({ live: true })] }),
      {},
      { accepted: ["old-reader"] },
    ],
    [
      "retire: another one may lose it",
      false,
      "retire",
      seen({ readers: [reader({ live: true })] }),
      {},
      { accepted: ["other"] },
    ],
    ["retire: a stream copies it", false, "retire", seen({ copies: ["ARCHIVE"] })],
    [
      "retire: a stream copies it that may lose it",
      true,
      "retire",
      seen({ copies: ["ARCHIVE"] }),
      {},
      { accepted: ["ARCHIVE"] },
    ],

    ["back to a draft: nobody lists nor reads the newer one", true, "undual", seen(), lists([1])],
    ["back to a draft: an operation lists it", false, "undual", seen(), lists([1, 2])],
    [
      "back to a draft: somebody reads it",
      false,
      "undual",
      seen({ readers: [reader({ versions: [2], live: true })] }),
      lists([1]),
    ],
    ["back to the older one", true, "unflip", undefined],
  ])("%s: %s", (_what, opens, step, observation, with_, options) => {
    expect(gate(step, observation, with_, options).opens).toBe(opens);
  });

  it("names who stands in the way, and what to do", () => {
    const { text } = gate("retire", seen({ readers: [reader({ service: "tracker", live: true, waitingPulls: 2 })] }));
    expect(text).toContain("PARCELS/old-reader of tracker is live (2 pulls wait) and reads parcels.sent.v1");
    expect(text).toContain("--accept old-reader");
  });
});
