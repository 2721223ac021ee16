/** Every verdict on books that balance, and on books in which one thing is wrong. */
import { describe, expect, it } from "vitest";
import type { Verdict } from "../../../ops/verify/verdict.ts";
import type { LoggedIntent } from "../../load/intent-log.ts";
import { outcomeOf } from "../result.ts";
import { judgeAcceptance, judgeRepeats, judgeTermination } from "./acceptance.ts";
import type { BookedOrder, Books } from "./books.ts";
import { judgeLiveness } from "./liveness.ts";
import { judgeLetters, judgePoison, judgeRepeated, withoutInjected } from "./messages.ts";
import { judgeMoney } from "./money.ts";
import { judgeProcesses } from "./processes.ts";
import { judgeReservations, judgeStock } from "./stock.ts";

const CUPS = [{ productId: "cup", quantity: 3 }];

function intent(key: string, outcome: LoggedIntent["outcome"], at = 0): LoggedIntent {
  const intendedAt = new Date(at).toISOString();
  return { intendedAt, idempotencyKey: key, body: { items: [] }, outcome, latencyMs: 1 };
}
const accepted = (orderId: string) => ({ kind: "accepted", orderId, tries: 1 }) as const;
const order = (orderId: string, more: Partial<BookedOrder> = {}): BookedOrder => ({
  ...{ orderId, key: `key of ${orderId}`, stage: "confirmed", reason: undefined, total: 900, placedAt: 0, lines: CUPS },
  ...more,
});
const at = "2026-01-01T00:00:00.000Z";
const money = (key: string, amount = 900) => ({ at, key, charge_id: "ch", amount: { amount, currency: "EUR" } });

/** One confirmed order, one cancelled after it was paid, and one that nobody had an answer to. */
const GOOD: Books = {
  intents: [
    intent("key of a", accepted("a")),
    intent("key of b", accepted("b")),
    intent("key of c", { kind: "no answer", reason: "timeout", tries: 1 }),
    intent("key of d", { kind: "refused", status: 503, text: "", tries: 1 }),
  ],
  ledger: [
    { kind: "captured", ...money("a") },
    { kind: "captured", ...money("b") },
    { kind: "refunded", ...money("b") },
    { kind: "voided", at, key: "c" },
  ],
  orders: [
    order("a"),
    order("b", { stage: "cancelled", reason: "deadline_passed" }),
    order("c", { stage: "cancelled", reason: "deadline_passed" }),
  ],
  reservations: [
    { orderId: "a", state: "sold", lines: CUPS },
    { orderId: "b", state: "released", lines: CUPS },
    { orderId: "c", state: "cancelled", lines: [] },
  ],
  stock: [{ productId: "cup", available: 7, reserved: 0, sold: 3 }],
  charges: [],
  letters: [
    { id: "1", state: "discarded", durable: "d-1", service: "s", eventId: "p", code: "BODY_NOT_JSON" },
    { id: "2", state: "replayed", durable: "d-1", service: "s", eventId: "e", code: "ATTEMPTS_EXHAUSTED" },
  ],
  repeated: [{ stream: "ORDERS", subject: "orders.created.v1", eventId: "r", times: 2 }],
  injected: [
    { kind: "poison", stream: "ORDERS", subject: "orders.created.v1", eventId: "p", durables: ["d-1"], says: "empty" },
    { kind: "duplicate", stream: "ORDERS", subject: "orders.created.v1", eventId: "r", durables: [], says: "again" },
  ],
  deletedStreams: new Set(),
  ownEnds: [],
};

const JUDGES = {
  acceptance: judgeAcceptance,
  termination: judgeTermination,
  money: judgeMoney,
  stock: judgeStock,
  reservations: judgeReservations,
  poison: judgePoison,
  letters: judgeLetters,
  repeated: (books: Books) => judgeRepeated(books, 4),
  processes: (books: Books) => judgeProcesses(books, 10),
} satisfies Record<string, (books: Books) => Verdict>;

function brokenIn(books: Books): Readonly<Record<string, unknown>> {
  const found = Object.entries(JUDGES).map(([name, judge]) => [name, judge(books)] as const);
  return Object.fromEntries(
    found.flatMap(([name, { violations, examples }]) =>
      violations === 0 ? [] : [[name, examples.map(({ why }) => why)]],
    ),
  );
}

it("finds nothing wrong with books that balance, and looked at something in each", () => {
  expect(brokenIn(GOOD)).toEqual({});
  for (const judge of Object.values(JUDGES)) expect(judge(GOOD).checked).toBeGreaterThan(0);
});

const [a, b, c] = [order("a"), GOOD.orders[1] ?? order("b"), GOOD.orders[2] ?? order("c")];

describe("books in which one thing is wrong", () => {
  it.each<[string, Partial<Books>, Readonly<Record<string, unknown>>]>([
    [
      "an accepted order that is not there",
      { intents: [...GOOD.intents, intent("key of x", accepted("x"))] },
      { acceptance: ["accepted, and there is no such order"] },
    ],
    [
      "two orders of one key",
      { orders: [a, b, c, order("e", { key: "key of b", stage: "cancelled", reason: "payment_failed" })] },
      { acceptance: ["2 orders of one key"], reservations: ["cancelled, and its stock is not known"] },
    ],
    [
      "a customer who was told of another order",
      { intents: [intent("key of a", accepted("b")), ...GOOD.intents.slice(1)] },
      { acceptance: ["told of another order"] },
    ],
    ["an order that nobody wanted", { intents: GOOD.intents.slice(1) }, { acceptance: ["nobody wanted it"] }],
    [
      "an order that is undecided",
      { orders: [a, b, order("c", { stage: "payable" })] },
      { termination: ["it is payable"] },
    ],
    [
      "an order that was cancelled for no reason",
      { orders: [a, b, order("c", { stage: "cancelled" })] },
      { termination: ["cancelled, and its reason is undefined"] },
    ],
    [
      "an order that was charged twice",
      { ledger: [...GOOD.ledger, { kind: "captured", ...money("a") }] },
      { money: ["2 captures"] },
    ],
    [
      "a confirmed order that nobody paid",
      { ledger: GOOD.ledger.slice(1) },
      { money: ["confirmed: 900 is due, and the gateway kept 0"] },
    ],
    [
      "a cancelled order whose money was kept",
      { ledger: GOOD.ledger.filter(({ kind }) => kind !== "refunded") },
      { money: ["cancelled: 0 is due, and the gateway kept 900"] },
    ],
    [
      "an order that was charged another price",
      { ledger: [{ kind: "captured", ...money("a", 901) }, ...GOOD.ledger.slice(1)] },
      { money: ["confirmed: 900 is due, and the gateway kept 901"] },
    ],
    [
      "money for no order",
      { ledger: [...GOOD.ledger, { kind: "captured", ...money("x") }] },
      { money: ["money for no order"] },
    ],
    [
      "stock that is kept for nobody",
      { stock: [{ productId: "cup", available: 6, reserved: 1, sold: 3 }] },
      { stock: ["1 are reserved for nobody"] },
    ],
    [
      "stock that was sold twice",
      { stock: [{ productId: "cup", available: 4, reserved: 0, sold: 6 }] },
      { stock: ["6 are sold, and confirmed orders hold 3"] },
    ],
    [
      "more sold than there was",
      { stock: [{ productId: "cup", available: -1, reserved: 0, sold: 3 }] },
      { stock: ["-1 are available"] },
    ],
    [
      "a cancelled order that holds its stock",
      { reservations: [...GOOD.reservations.slice(0, 2), { orderId: "c", state: "reserved", lines: CUPS }] },
      { reservations: ["cancelled, and its stock is reserved"] },
    ],
    [
      "a confirmed order without its stock",
      { reservations: GOOD.reservations.slice(1) },
      { reservations: ["confirmed, and its stock is nowhere"] },
    ],
    [
      "a confirmed order with other stock",
      { reservations: [{ orderId: "a", state: "sold", lines: [] }, ...GOOD.reservations.slice(1)] },
      { reservations: ["it holds  instead of 3 cup"] },
    ],
    ["poison without a dead letter", { letters: GOOD.letters.slice(1) }, { poison: ["0 dead letters"] }],
    [
      "poison with two dead letters",
      { letters: [...GOOD.letters, { ...(GOOD.letters[0] ?? never()), id: "3" }] },
      { poison: ["2 dead letters"] },
    ],
    [
      "an open dead letter",
      { letters: [{ ...(GOOD.letters[0] ?? never()), state: "open" }] },
      { letters: ["it is open"] },
    ],
    [
      "a dead letter that was let go, of a message that nobody spoiled",
      { letters: [...GOOD.letters, { ...(GOOD.letters[1] ?? never()), id: "3", state: "discarded" }] },
      { letters: ["discarded, and nobody spoiled it"] },
    ],
    [
      "an event that is on its stream once too often",
      { repeated: [{ stream: "ORDERS", subject: "orders.created.v1", eventId: "r", times: 3 }] },
      { repeated: ["stored too often"] },
    ],
    [
      "a process that ended by itself",
      { ownEnds: [{ member: "order-1", exit: { code: 1, signal: null }, lastWords: ["oh"] }] },
      { processes: ["it ended with exit code 1: oh"] },
    ],
  ])("%s", (_, spoiled, broken) => {
    expect(brokenIn({ ...GOOD, ...spoiled })).toEqual(broken);
  });
});

it("does not ask for the dead letters of poison whose stream was deleted", () => {
  const { notJudged, violations } = judgePoison({ ...GOOD, letters: [], deletedStreams: new Set(["ORDERS"]) });
  expect([notJudged, violations]).toEqual([1, 0]);
});

it("names who was told otherwise the second time", () => {
  const same = { key: "k", first: "a", again: "a" };
  expect(judgeRepeats([same]).violations).toBe(0);
  expect(judgeRepeats([same, { ...same, again: "b" }, { ...same, again: undefined }]).violations).toBe(2);
});

it("lets go of what the run injected, in what tandem verify says, and of nothing else", () => {
  const verdict = (invariant: string, eventIds: readonly string[], by = "tandem"): Verdict => ({
    ...{ invariant, by, says: "", checked: 10, inFlight: 0, notJudged: 0, violations: eventIds.length },
    examples: eventIds.map((eventId) => ({ eventId })),
  });
  const judged = (...verdicts: readonly Verdict[]) =>
    withoutInjected({ at, contract: "Orders", holds: false, verdicts }, GOOD);
  expect(judged(verdict("I6", ["p"]), verdict("I16", ["p"]))).toMatchObject({ holds: true });
  expect(judged(verdict("I6", ["p", "stranger"])).verdicts).toMatchObject([
    { violations: 1, notJudged: 1, checked: 9, examples: [{ eventId: "stranger" }] },
  ]);
  // A repeated event was committed; poison must be a dead letter like everything else.
  expect(judged(verdict("I6", ["r"]))).toMatchObject({ holds: false });
  expect(judged(verdict("I7", ["p"]))).toMatchObject({ holds: false });
  // What is not named cannot be let go.
  expect(judged({ ...verdict("I6", ["p"]), violations: 5 })).toMatchObject({ holds: false });
});

describe("liveness", () => {
  const told = (count: number, from: number, share: number) =>
    Array.from({ length: count }, (_, place) =>
      intent(
        `key of ${from}-${place}`,
        place < count * share ? accepted(`${from}-${place}`) : { kind: "no answer", reason: "", tries: 1 },
        from,
      ),
    );
  const ordersOf = (intents: readonly LoggedIntent[], confirmed: number): readonly BookedOrder[] =>
    intents.flatMap(({ outcome }, place) =>
      outcome?.kind === "accepted"
        ? [order(outcome.orderId, { stage: place < intents.length * confirmed ? "confirmed" : "cancelled" })]
        : [],
    );
  const judged = (quiet: readonly LoggedIntent[], loud: readonly LoggedIntent[], confirmed = 1, more: string[] = []) =>
    judgeLiveness(
      { intents: [...quiet, ...loud], orders: [...ordersOf(quiet, 1), ...ordersOf(loud, confirmed)] },
      1_000,
      more,
    ).problems;

  it("is enough where half of the undisturbed share is reached", () => {
    expect(judged(told(20, 0, 1), told(80, 2_000, 0.4))).toEqual([]);
  });

  it.each([
    ["too little was accepted", judged(told(20, 0, 1), told(80, 2_000, 0.2)), /36 % were accepted/],
    ["too little was confirmed", judged(told(20, 0, 1), told(80, 2_000, 1), 0.2), /36 % were confirmed/],
    ["the beginning says nothing", judged(told(5, 0, 1), told(80, 2_000, 1)), /only 5 orders were sent before/],
    ["the machine is too busy", judged(told(20, 0, 0.2), told(80, 2_000, 1)), /this machine is too busy/],
    ["it did not come to rest", judged(told(20, 0, 1), [], 1, ["it moves"]), /it moves/],
  ])("is not where %s", (_, problems, words) => {
    expect(problems).toEqual([expect.stringMatching(words)]);
  });
});

it("fails for what does not hold, is invalid where nothing is said, and passes otherwise", () => {
  const holds = judgeMoney(GOOD);
  const broken = judgeMoney({ ...GOOD, ledger: [] });
  expect(outcomeOf([holds], { problems: [] })).toBe("PASS");
  expect(outcomeOf([holds], { problems: ["too little"] })).toBe("INVALID");
  expect(outcomeOf([holds, broken], { problems: ["too little"] })).toBe("FAIL");
});

function never(): never {
  throw new Error("The letters are there.");
}
