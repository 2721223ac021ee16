import { expect, it } from "vitest";
import { type Evidence, findFaults, inBoth } from "./verdict.ts";
import type { Reader, Told } from "./reader.ts";

/** Facts 0 to 9 of as many orders, one piece each, stored at their own number. */
const fact = (n: number, changes: Partial<Told> = {}): [string, Told] => [
  `fact-${n}`,
  { orderId: `order-${n}`, quantities: new Map([["tea", 1]]), priced: false, sequence: n, storedAt: n, ...changes },
];

const reader = (version: string, facts: readonly [string, Told][], faults: readonly string[] = []): Reader => ({
  version,
  messages: facts.length,
  facts: new Map(facts),
  faults,
  stop: async () => {},
});

/** Two facts as v1 alone, six in both, two as v2 alone. */
const good: Evidence = {
  v1: reader(
    "v1",
    [0, 1, 2, 3, 4, 5, 6, 7].map((n) => fact(n)),
  ),
  v2: reader(
    "v2",
    [2, 3, 4, 5, 6, 7, 8, 9].map((n) => fact(n)),
  ),
  load: {
    accepted: Array.from({ length: 10 }, (_, n) => ({ id: `order-${n}`, items: [{ product_id: "tea", quantity: 1 }] })),
    refused: [],
  },
  outcomes: Array.from({ length: 10 }, (_, n) => ({
    order_id: `order-${n}`,
    status: n === 0 ? "cancelled" : "confirmed",
    history: [],
  })),
  lastOfV1Only: 2,
  firstOfV2Only: 8,
  deadLetters: 0,
};

it("has nothing to say when two readers were told the same", () => {
  expect(inBoth(good)).toHaveLength(6);
  expect(findFaults(good)).toEqual([]);
});

it.each<[string, Partial<Evidence>, RegExp]>([
  [
    "a v2 that never came",
    {
      v2: reader(
        "v2",
        [...good.v2.facts].filter(([id]) => id !== "fact-5"),
      ),
    },
    /fact-5 was published as v1 and not as v2/,
  ],
  [
    "a v1 that never came",
    {
      v1: reader(
        "v1",
        [...good.v1.facts].filter(([id]) => id !== "fact-5"),
      ),
    },
    /fact-5 was published as v2 and not as v1/,
  ],
  [
    "a version that says another quantity",
    { v2: reader("v2", [...good.v2.facts, fact(5, { quantities: new Map([["tea", 2]]) })]) },
    /do not agree: v1 makes it 6 tea, and v2 7 tea/,
  ],
  [
    "a version that names another order",
    { v1: reader("v1", [...good.v1.facts, fact(5, { orderId: "order-6" })]) },
    /fact-5 is about one order in v1 and about another in v2/,
  ],
  [
    "a fact that was published twice",
    { v2: reader("v2", [...good.v2.facts, fact(10, { orderId: "order-9" })]) },
    /order-9 was published as 2 facts/,
  ],
  [
    "an order that nobody was told of",
    {
      v2: reader(
        "v2",
        [...good.v2.facts].filter(([id]) => id !== "fact-9"),
      ),
    },
    /order-9 was published as 0 facts/,
  ],
  [
    "an order that is undecided",
    { outcomes: good.outcomes.map((status) => ({ ...status, status: "processing" })) },
    /10 of 10 orders are undecided/,
  ],
  ["an order that was refused", { load: { ...good.load, refused: ["503"] } }, /An order was refused: 503/],
  ["what a schema refuses", { v1: reader("v1", [...good.v1.facts], ["no v1"]) }, /no v1/],
  ["a dead letter", { deadLetters: 1 }, /There are 1 dead letters/],
  ["no time in which both flowed", { v1: reader("v1", []), firstOfV2Only: 0 }, /No fact was published in both/],
])("names %s", (_what, changes, sentence) => {
  expect(findFaults({ ...good, ...changes }).join("\n")).toMatch(sentence);
});
