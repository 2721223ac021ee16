import { describe, expect, it } from "vitest";
import { compareSchemas } from "../codegen/evolution/compare.ts";
import pairs from "./pairs.json" with { type: "json" };
import { score } from "./score.ts";

describe("the comparison of schemas", () => {
  it("decides all of our own pairs right, with a payload for every break", () => {
    const { missed, falseAlarms, undecided, witnesses, breaking } = score(pairs, compareSchemas);
    expect({ missed, falseAlarms, undecided }).toEqual({ missed: [], falseAlarms: [], undecided: [] });
    expect(witnesses).toBe(breaking);
  });
});

describe("a score", () => {
  const two = [
    { id: "breaks", old: { type: "number" }, new: { type: "integer" }, expect: false },
    { id: "holds", old: { type: "integer" }, new: { type: "number" }, expect: true },
  ];

  it("counts what is missed, what is a false alarm, and what is left open", () => {
    expect(score(two, () => ({ verdict: "compatible" }))).toMatchObject({ right: 1, missed: ["breaks"], witnesses: 0 });
    expect(score(two, () => ({ verdict: "undecided", reason: "" }))).toMatchObject({
      right: 0,
      undecided: ["holds", "breaks"],
    });
    const wrong = score(two, () => ({ verdict: "breaking", witness: 1 }));
    expect(wrong).toMatchObject({ right: 1, falseAlarms: ["holds"], witnesses: 0 });
  });

  it("counts a payload only when the validator agrees", () => {
    expect(score(two, () => ({ verdict: "breaking", witness: 0.5 }))).toMatchObject({ witnesses: 1 });
  });
});
