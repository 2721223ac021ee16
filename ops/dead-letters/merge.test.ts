import { describe, expect, it } from "vitest";
import { addUp } from "./add-up.ts";
import type { Action, Entry } from "./letter.ts";
import { mergeLetters } from "./merge.ts";

/** An entry of the event `e`, stored at its sequence. */
function entry(sequence: number, changes: Partial<Entry> = {}): Entry {
  return {
    ...{ stream: "DEAD", sequence, storedAt: sequence, origin: "consumer", service: "taker", channel: "thingMade" },
    ...{ event: "things.made", version: 1, durable: "taker-thingMade-v1", eventId: "e", key: "k", hidesKey: false },
    ...{
      fingerprint: "f",
      code: "HANDLER_FAILED",
      error: "no",
      attempts: 5,
      failedAt: "",
      bytes: 2,
      omitted: undefined,
    },
    ...{ source: { stream: "THINGS", sequence, subject: "things.made.v1" }, messageId: `dlq:${sequence}`, secrets: [] },
    ...changes,
  };
}

function action(letter: number, changes: Partial<Action> = {}): Action {
  return {
    ...{ kind: "replayed", stream: "DEAD", letter, consumer: "taker-thingMade-v1", eventId: "e", fingerprint: "f" },
    ...{ by: "Ann", why: "because", at: "", replayId: `r-${letter}`, bodySha256: undefined },
    ...changes,
  };
}

const shapes = (entries: readonly Entry[], actions: readonly Action[] = []) =>
  mergeLetters(entries, actions).map(({ id, state, entries, actions }) => [id, state, entries.length, actions.length]);

describe("letters", () => {
  it.each<[string, Entry[], Action[], unknown[]]>([
    ["one entry is one open letter", [entry(1)], [], [["1", "open", 1, 0]]],
    ["one event in two versions", [entry(1), entry(2, { version: 2 })], [], [["2", "open", 2, 0]]],
    [
      "two events, the latest first",
      [entry(1), entry(2, { eventId: "other" })],
      [],
      [
        ["2", "open", 1, 0],
        ["1", "open", 1, 0],
      ],
    ],
    [
      "two services",
      [entry(1), entry(2, { service: "other" })],
      [],
      [
        ["2", "open", 1, 0],
        ["1", "open", 1, 0],
      ],
    ],
    [
      "a publisher and a consumer of one name",
      [entry(1), entry(2, { origin: "publisher" })],
      [],
      [
        ["2", "open", 1, 0],
        ["1", "open", 1, 0],
      ],
    ],
    ["replayed", [entry(1)], [action(1)], [["1", "replayed", 1, 1]]],
    ["edited counts as replayed", [entry(1)], [action(1, { kind: "edited" })], [["1", "replayed", 1, 1]]],
    ["discarded", [entry(1)], [action(1, { kind: "discarded", replayId: undefined })], [["1", "discarded", 1, 1]]],
    ["failed again: open", [entry(1), entry(5)], [action(1)], [["5", "open", 2, 1]]],
    ["failed again, then replayed", [entry(1), entry(5)], [action(1), action(5)], [["5", "replayed", 2, 2]]],
    [
      "two operators replayed the first one, and both failed",
      [entry(1), entry(5), entry(6)],
      [action(1), action(1)],
      [["6", "open", 3, 2]],
    ],
    [
      "an action on another event's letter of a stream that was made anew",
      [entry(1)],
      [action(1, { eventId: "old" })],
      [["1", "open", 1, 0]],
    ],
    ["an action on a letter that is gone", [entry(9)], [action(1)], [["9", "open", 1, 0]]],
    [
      "without an event id each is a letter",
      [entry(1, { eventId: undefined }), entry(2, { eventId: undefined })],
      [],
      [
        ["2", "open", 1, 0],
        ["1", "open", 1, 0],
      ],
    ],
    [
      "without an event id a replay that fails belongs to what was replayed",
      [entry(1, { eventId: undefined }), entry(2, { eventId: undefined, messageId: "dlq:d:S:7:r-1" })],
      [action(1, { eventId: undefined })],
      [["2", "open", 2, 1]],
    ],
    [
      "in two streams ids say which",
      [entry(1), entry(1, { stream: "OTHER", eventId: "x", storedAt: 3 })],
      [],
      [
        ["OTHER:1", "open", 1, 0],
        ["DEAD:1", "open", 1, 0],
      ],
    ],
  ])("%s", (_, entries, actions, expected) => {
    expect(shapes(entries, actions)).toEqual(expected);
  });
});

describe("what came in", () => {
  it("is what is open, replayed and discarded, whatever happened", () => {
    const { random, entries, actions } = history(7);
    expect(random).toBeGreaterThan(0);
    const totals = addUp(entries, mergeLetters(entries, actions));
    expect(totals.addsUp).toBe(true);
    expect(totals.in).toBe(totals.open + totals.replayed + totals.discarded);
    expect(totals.in).toBe(new Set(entries.map(({ eventId }) => eventId)).size);
    for (const state of ["open", "replayed", "discarded"] as const) expect(totals[state]).toBeGreaterThan(0);
  });

  it("does not add up when a letter is missing, stands there twice, or lacks an entry", () => {
    const { entries, actions } = history(7);
    const letters = mergeLetters(entries, actions);
    const [first, ...others] = letters;
    if (first === undefined) throw new Error("no letters");
    for (const wrong of [others, [first, ...letters], [{ ...first, entries: first.entries.slice(1) }, ...others]])
      expect(addUp(entries, wrong).addsUp).toBe(false);
  });
});

/** Three hundred things that happen to forty events, always the same for a seed. */
function history(seed: number): { random: number; entries: Entry[]; actions: Action[] } {
  let random = seed;
  const next = (below: number): number => {
    random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor(random / 2 ** 16) % below;
  };
  const [entries, actions]: [Entry[], Action[]] = [[], []];
  for (let sequence = 1; sequence <= 300; sequence += 1) {
    const eventId = `e-${next(40)}`;
    const latest = entries.findLast((entry) => entry.eventId === eventId);
    if (latest === undefined || next(3) === 0) entries.push(entry(sequence, { eventId }));
    else
      actions.push(
        action(latest.sequence, { eventId, kind: next(2) === 0 ? "replayed" : "discarded", replayId: `r-${sequence}` }),
      );
  }
  return { random, entries, actions };
}
