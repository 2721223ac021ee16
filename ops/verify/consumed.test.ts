/** What is to be said of events that no inbox knows. */
import type { DurableInfo } from "@tandem/runtime/admin";
import { describe, expect, it } from "vitest";
import type { Action, Letter } from "../dead-letters/letter.ts";
import type { Topology, TopologyConsumer } from "../topology.ts";
import { judgeConsumed } from "./consumed.ts";
import type { OpenDelivery, OpenFact } from "./deliveries.ts";
import { Tally } from "./verdict.ts";

const consumer = { service: "taker", channel: "thingMade", version: 1, durable: "taker-v1" } as TopologyConsumer;
const topology = { consumers: [consumer] } as unknown as Topology;

/** A durable that delivered up to 100 and knows all up to 10 settled. */
const durable = (ackPending: number): DurableInfo =>
  ({ deliveredSequence: 100, settledSequence: 10, ackPending }) as DurableInfo;

function delivery(sequence: number, more: Partial<OpenDelivery> = {}): OpenDelivery {
  return { consumer, stream: "THINGS", sequence, storedAt: 0, forOne: false, durable: durable(0), ...more };
}

function fact(eventId: string, ...deliveries: OpenDelivery[]): OpenFact {
  return { service: "taker", channel: "thingMade", event: "things.made", eventId, deliveries };
}

function letter(eventId: string, state: Letter["state"], actions: Partial<Action>[] = []): Letter {
  const latest = { origin: "consumer", service: "taker", channel: "thingMade", eventId };
  return { id: "7", state, latest, entries: [], actions } as unknown as Letter;
}

function judge(open: readonly OpenFact[], letters: readonly Letter[] = [], more = { topology, graceFrom: 1_000 }) {
  const tally = new Tally();
  judgeConsumed({ open, letters, ...more }, tally);
  const { inFlight, notJudged, violations, examples } = tally;
  return { inFlight, notJudged, violations, lost: examples.map(({ eventId, why }) => `${eventId}: ${why}`) };
}

const none = { inFlight: 0, notJudged: 0, violations: 0, lost: [] };
const NOWHERE = "neither applied, nor a dead letter, nor on its way";

it("misses what a durable has settled and nobody knows", () => {
  expect(judge([fact("a", delivery(5))])).toEqual({ ...none, violations: 1, lost: [`a: ${NOWHERE}`] });
});

it("waits for what is not delivered yet, or was stored a moment ago", () => {
  const found = judge([fact("a", delivery(101)), fact("b", delivery(5, { storedAt: 1_001 }))]);
  expect(found).toEqual({ ...none, inFlight: 2 });
});

it("names a durable that does not exist", () => {
  const { lost } = judge([fact("a", delivery(5, { durable: undefined }))]);
  expect(lost).toEqual(["a: its durable taker-v1 does not exist"]);
});

it("takes as many for being in hand as the durable has in hand, and misses the oldest of more", () => {
  const one = durable(2);
  const open = [40, 20, 60].map((sequence) => fact(`e${sequence}`, delivery(sequence, { durable: one })));
  expect(judge(open)).toEqual({ ...none, inFlight: 2, violations: 1, lost: [`e20: ${NOWHERE}`] });
  expect(judge(open.slice(0, 2))).toEqual({ ...none, inFlight: 2 });
});

it("takes nothing for being in hand that lies before all that is settled", () => {
  const { violations } = judge([fact("a", delivery(10, { durable: durable(5) }))]);
  expect(violations).toBe(1);
});

describe("with a dead letter", () => {
  it.each(["open", "discarded"] as const)("is accounted for when that is %s", (state) => {
    expect(judge([fact("a", delivery(5))], [letter("a", state)])).toEqual(none);
  });

  it("is not when that is another event's, or a publisher's own", () => {
    const own = letter("a", "open");
    const publishers = { ...own, latest: { ...own.latest, origin: "publisher" as const } };
    expect(judge([fact("a", delivery(5))], [letter("b", "open"), publishers]).violations).toBe(1);
  });

  it("is on its way when the replay is", () => {
    const replay = delivery(101, { forOne: true });
    expect(judge([fact("a", delivery(5), replay)], [letter("a", "replayed")])).toEqual({ ...none, inFlight: 1 });
  });

  it("is missed when the replay was settled too, whatever of the durable is in hand", () => {
    const open = [fact("a", delivery(50, { durable: durable(1) }), delivery(9, { forOne: true }))];
    expect(judge(open, [letter("a", "replayed", [{ at: "1970-01-01T00:00:00Z" }])]).lost).toEqual([
      "a: its dead letter 7 was replayed, and it was neither applied nor given up",
    ]);
  });

  it("is given a moment after somebody replayed it", () => {
    const at = new Date(2_000).toISOString();
    expect(judge([fact("a", delivery(5))], [letter("a", "replayed", [{ at }])])).toEqual({ ...none, inFlight: 1 });
  });
});

it("does not judge what came in an older version only than the service reads: it may be passed over", () => {
  const consumers = [consumer, { ...consumer, version: 2 }];
  expect(judge([fact("a", delivery(5))], [], { topology: { ...topology, consumers }, graceFrom: 1_000 })).toEqual({
    ...none,
    notJudged: 1,
  });
});
