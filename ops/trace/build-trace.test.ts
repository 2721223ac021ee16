import type { TracedEvent, TracedRun } from "@tandem/runtime/admin";
import { describe, expect, it } from "vitest";
import { readTopology } from "../topology.ts";
import { buildTrace } from "./build-trace.ts";
import type { FoundLetter, ServiceRows, Sources } from "./sources.ts";
import { traceText } from "./trace-text.ts";

const topology = readTopology("generated/topology.json");
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 12, 0, second));

function published(eventId: string, event: string, causationId: string, more: Partial<TracedEvent> = {}): TracedEvent {
  return {
    eventId,
    event,
    key: "o-1",
    sequence: 1,
    correlationId: "c-1",
    causationId,
    occurredAt: at(1),
    versions: [1],
    published: { at: at(2), stream: "ORDERS", sequences: [7] },
    problem: undefined,
    ...more,
  };
}

function run(eventId: string, event: string, transaction: string): TracedRun {
  return {
    event,
    eventId,
    version: 1,
    key: "o-1",
    correlationId: "c-1",
    stream: "ORDERS",
    streamSequence: 7,
    appliedAt: at(3),
    runs: 1,
    transaction,
  };
}

function rows(service: string, more: Partial<ServiceRows>): ServiceRows {
  return { service, events: [], runs: [], states: [], attempts: [], parked: [], ...more };
}

const created = published("e-created", "orders.created", "c-1", {
  versions: [2, 1],
  published: { at: at(2), stream: "ORDERS", sequences: [7, 8] },
});
const reserved = published("e-reserved", "inventory.reserved", "e-created", {
  occurredAt: at(3),
  published: { at: at(4), stream: "INVENTORY", sequences: [3] },
});
const state = { key: "o-1", at: at(3), what: "reservation is reserved", detail: null, transaction: "700" };
const accepted = {
  key: "o-1",
  at: at(0),
  what: "POST /orders accepted",
  detail: { deadline: "later" },
  transaction: undefined,
};

const sources: Sources = {
  topology,
  services: [
    rows("order", { events: [created], states: [accepted] }),
    rows("inventory", { events: [reserved], runs: [run("e-created", "orders.created", "700")], states: [state] }),
  ],
  letters: [],
  durables: [{ durable: "order-inventoryReserved-v1", deliveredSequence: 3, settledSequence: 2 }],
};

describe("a trace", () => {
  it("puts what a run published and wrote below the event that it handled", () => {
    const [conversation] = buildTrace(sources);
    const [event] = conversation?.events ?? [];
    expect(event).toMatchObject({
      event: "orders.created",
      by: "order",
      versions: [
        { version: 2, sequence: 7 },
        { version: 1, sequence: 8 },
      ],
    });
    const [inventory] = event?.readers ?? [];
    expect(inventory).toMatchObject({ service: "inventory", outcome: "applied", version: 1 });
    expect(inventory?.states.map(({ what }) => what)).toEqual(["reservation is reserved"]);
    expect(inventory?.caused.map(({ eventId }) => eventId)).toEqual(["e-reserved"]);
    expect(conversation?.states).toMatchObject([{ service: "order", what: "POST /orders accepted" }]);
  });

  it.each([
    ["waiting", 2, 2],
    ["in hand", 3, 2],
    ["gone", 3, 3],
  ] as const)(
    "says %s of an event that is not applied, by how far its durable has come",
    (outcome, delivered, settled) => {
      const durables = [
        { durable: "order-inventoryReserved-v1", deliveredSequence: delivered, settledSequence: settled },
      ];
      expect(outcomeOf({ ...sources, durables })).toBe(outcome);
    },
  );

  it("says that it does not know without a broker, and that an event in the outbox waits", () => {
    expect(outcomeOf({ ...sources, durables: undefined })).toBe("unknown");
    const unsent = { ...reserved, published: undefined, problem: "refused" };
    const services = sources.services.map((each) =>
      each.service === "inventory" ? { ...each, events: [unsent] } : each,
    );
    expect(outcomeOf({ ...sources, services })).toBe("waiting");
    expect(traceText(buildTrace({ ...sources, services }))).toContain("v1, in the outbox: refused");
  });

  it("shows a dead letter of its reader, and of no other", () => {
    const letter: FoundLetter = {
      sequence: 4,
      at: at(9),
      code: "PERMANENT",
      error: "no such order",
      attempts: 1,
      subject: "dead.order.inventoryReserved.v1",
      service: "order",
      channel: "inventoryReserved",
      eventId: "e-reserved",
    };
    const strange = { ...letter, sequence: 5, eventId: "e-other" };
    const text = traceText(buildTrace({ ...sources, letters: [letter, strange] }));
    expect(text).toContain(
      "dead letter 4 on dead.order.inventoryReserved.v1 after 1 attempt: PERMANENT: no such order",
    );
    expect(text).not.toContain("dead letter 5");
  });

  it("says of an event that waits for the turn of its key that it is parked", () => {
    const parked = [{ event: "inventory.reserved", eventId: "e-reserved", parkedAt: at(5) }];
    const services = sources.services.map((each) => (each.service === "order" ? { ...each, parked } : each));
    expect(outcomeOf({ ...sources, services })).toBe("parked");
    expect(traceText(buildTrace({ ...sources, services }))).toContain("order keeps it until the events of its key");
  });

  it("counts the runs of what is in hand", () => {
    const attempts = [{ durable: "order-inventoryReserved-v1", streamSequence: 3, runs: 2 }];
    const services = sources.services.map((each) => (each.service === "order" ? { ...each, attempts } : each));
    expect(traceText(buildTrace({ ...sources, services }))).toContain("waits for its next attempt, 2 runs so far");
  });

  it.each([
    ["in 3 runs", 3, "inventory applied it as v1 in 3 runs\n"],
    ["and not in how many runs, when its release did not count them", undefined, "inventory applied it as v1\n"],
  ])("says that an event was applied %s", (_, runs, words) => {
    const services = sources.services.map((each) => ({ ...each, runs: each.runs.map((one) => ({ ...one, runs })) }));
    const conversations = buildTrace({ ...sources, services });
    expect(conversations[0]?.events[0]?.readers[0]?.runs).toBe(runs);
    expect(traceText(conversations)).toContain(words);
  });

  it("is printed as a tree", () => {
    expect(traceText(buildTrace(sources))).toBe(
      [
        "conversation c-1",
        '├─ 2026-01-01 12:00:00.000 order: POST /orders accepted {"deadline":"later"}',
        "└─ 2026-01-01 12:00:01.000 order published orders.created of o-1, v2 (7) and v1 (8), in ORDERS at 2026-01-01 12:00:02.000",
        "   └─ 2026-01-01 12:00:03.000 inventory applied it as v1 in 1 run",
        "      ├─ 2026-01-01 12:00:03.000 reservation is reserved",
        "      └─ 2026-01-01 12:00:03.000 inventory published inventory.reserved of o-1, v1 (3), in INVENTORY at 2026-01-01 12:00:04.000",
        "         └─ order has it in hand, or waits for its next attempt",
      ].join("\n"),
    );
  });
});

/** What order made of inventory.reserved. */
function outcomeOf(given: Sources): string | undefined {
  const [event] = buildTrace(given)[0]?.events ?? [];
  return event?.readers[0]?.caused[0]?.readers[0]?.outcome;
}
