import { describe, expect, it } from "vitest";
import type { DeliveryReport } from "../observer.ts";
import type { DeadLetter, PublishedEvent } from "./facts.ts";
import { tellStory } from "./story.ts";

function fact(
  eventId: string,
  causationId: string,
  source = "shop",
  changes: Partial<PublishedEvent> = {},
): PublishedEvent {
  return {
    ...{ event: `${eventId}.happened`, eventId, causationId, source, key: "k", correlationId: "c" },
    ...{ sequence: 1, occurredAt: "2026-01-02T03:04:05Z", versions: [1], body: {}, stored: [] },
    ...changes,
  };
}

function report(eventId: string, service: string, changes: Partial<DeliveryReport> = {}): DeliveryReport {
  return {
    ...{ service, durable: `${service}-d-v1`, event: "e", version: 1, outcome: "applied", attempt: 1, eventId },
    ...{ stream: "S", sequence: 1, subject: "e.v1", correlationId: "c", causationId: "c", key: "k" },
    ...changes,
  };
}

function letter(eventId: string, consumer: string): DeadLetter {
  const stored = { stream: "DEAD_LETTERS", sequence: 1, subject: "", headers: {}, data: new Uint8Array(), storedAt: 0 };
  return {
    ...{ service: "store", channel: "e", version: 1, consumer, code: "PROCESS_KILLED", error: "three starts" },
    ...{ attempts: 4, fingerprint: "ab12cd34", eventId, correlationId: "c", stored },
  };
}

const tell = (facts: PublishedEvent[], reports: DeliveryReport[] = [], letters: DeadLetter[] = []) =>
  String(tellStory("c", { facts, reports, letters })).split("\n");

describe("a story", () => {
  it("puts an event below the run that published it, and below its cause when nobody saw that run", () => {
    const facts = [fact("a", "c"), fact("b", "a", "store"), fact("d", "a", "stranger")];
    expect(tell(facts, [report("a", "store"), report("b", "shop")])).toEqual([
      "c",
      "  a.happened v1 by shop, key k",
      "    store v1 handled",
      "      b.happened v1 by store, key k",
      "        shop v1 handled",
      "    d.happened v1 by stranger, key k",
    ]);
  });

  it("tells only its own, and begins with whatever no event of it caused", () => {
    const facts = [fact("a", "not here"), fact("b", "c"), fact("x", "c", "shop", { correlationId: "another" })];
    expect(tell(facts)).toEqual(["c", "  a.happened v1 by shop, key k", "  b.happened v1 by shop, key k"]);
  });

  it("ends where causes go in a circle", () => {
    expect(tell([fact("a", "b"), fact("b", "a"), fact("self", "self")])).toEqual([
      "c",
      "  self.happened v1 by shop, key k",
      "  a.happened v1 by shop, key k",
      "    b.happened v1 by shop, key k",
    ]);
  });

  it("counts how often an event was held, and tells replays and second versions", () => {
    const held = { outcome: "held", error: new Error("gateway down\n(stack)") } as const;
    const reports = [
      ...[report("a", "store", held), report("a", "store", held), report("a", "store")],
      report("a", "store", { outcome: "duplicate", version: 2, durable: "store-d-v2" }),
      report("a", "store", { outcome: "duplicate", subject: "replay.store-d-v1" }),
    ];
    expect(tell([fact("a", "c", "shop", { versions: [2, 1] })], reports)).toEqual([
      "c",
      "  a.happened v2 v1 by shop, key k",
      "    store v1 held (2 times): gateway down",
      "    store v1 handled",
      "    store v2 handled before",
      "    store v1 handled before (replay)",
    ]);
  });

  it("has the dead letters that nobody in this process wrote, and the others once", () => {
    const own = report("b", "store", { outcome: "dead_lettered", code: "PERMANENT", error: new Error("no") });
    expect(
      tell([fact("a", "c"), fact("b", "c")], [own], [letter("a", "store-d-v1"), letter("b", "store-d-v1")]),
    ).toEqual([
      "c",
      "  a.happened v1 by shop, key k",
      "    store v1 dead letter PROCESS_KILLED (attempt 4): three starts",
      "  b.happened v1 by shop, key k",
      "    store v1 dead letter PERMANENT: no",
    ]);
  });
});
