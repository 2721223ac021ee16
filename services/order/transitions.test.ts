import { describe, expect, it } from "vitest";
import { decide, type Decision, type Fact, type Stage } from "./transitions.ts";

const STAGES: readonly Stage[] = ["accepted", "payable", "confirmed", "cancelled"];
const FACTS: readonly Fact[] = [
  "inventory.reserved",
  "inventory.rejected",
  "payments.succeeded",
  "payments.failed",
  "payments.refunded",
  "deadline passed",
];

/** Where a decision takes an order; undefined when it stays where it is. */
function target({ kind }: Decision): Stage | undefined {
  return kind === "payable" || kind === "confirmed" || kind === "cancelled" ? kind : undefined;
}

describe.each(FACTS)("%s", (fact) => {
  it.each(["confirmed", "cancelled"] as const)("never moves an order that is %s", (stage) => {
    expect(target(decide(stage, fact))).toBeUndefined();
  });

  it("says nothing new, or cannot be, once it was carried out", () => {
    const targets = STAGES.map((stage) => target(decide(stage, fact))).filter((stage) => stage !== undefined);
    for (const stage of targets) expect(target(decide(stage, fact))).toBeUndefined();
  });
});

it("makes an order payable only out of the stage in which nothing was decided", () => {
  const ways = FACTS.flatMap((fact) => STAGES.filter((stage) => decide(stage, fact).kind === "payable"));
  expect(ways).toEqual(["accepted"]);
});

it("confirms nothing that was not payable", () => {
  const ways = FACTS.flatMap((fact) => STAGES.filter((stage) => decide(stage, fact).kind === "confirmed"));
  expect(ways).toEqual(["payable"]);
});

it("lets every undecided order end: the deadline cancels it", () => {
  for (const stage of ["accepted", "payable"] as const) {
    expect(decide(stage, "deadline passed")).toEqual({ kind: "cancelled", reason: "deadline_passed" });
  }
});
