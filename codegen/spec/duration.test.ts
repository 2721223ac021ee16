import { describe, expect, it } from "vitest";
import { parseDuration } from "./duration.ts";
import schema from "./extensions.schema.json" with { type: "json" };

const valid: readonly [string, number][] = [
  ["P30D", 2_592_000_000],
  ["PT10M", 600_000],
  ["PT30S", 30_000],
  ["PT1.5S", 1_500],
  ["PT0.001S", 1],
  ["P1DT12H", 129_600_000],
  ["P1DT2H3M4S", 93_784_000],
];
const invalid = [
  ["P1M", "months"],
  ["P1Y2D", "years"],
  ["P2W", "weeks"],
  ["30", "no unit"],
  ["P10S", "write PT10S"],
  ["PT0S", "no time at all"],
  ["P0D", "no time at all"],
  ["P999999D", "longer than the broker can count"],
  ["", "not an ISO 8601"],
  ["P", "not an ISO 8601"],
  ["PT", "not an ISO 8601"],
  ["P1DT", "not an ISO 8601"],
  ["30s", "not an ISO 8601"],
  ["pt30s", "not an ISO 8601"],
  ["-PT1S", "not an ISO 8601"],
  ["PT1S\n", "not an ISO 8601"],
  ["PT1M2H", "not an ISO 8601"],
] as const;

describe("a duration", () => {
  it.each(valid)("%s is %d ms", (text, ms) => {
    expect(parseDuration(text)).toEqual({ ms });
  });

  it.each(invalid)("%j is refused: %s", (text, why) => {
    expect(parseDuration(text)).toEqual({ fault: expect.stringContaining(why) });
  });

  it("is the same to editors, which have only a pattern", () => {
    const pattern = new RegExp(schema.definitions.duration.pattern, "u");
    expect(valid.filter(([text]) => !pattern.test(text))).toEqual([]);
    // A line end after the last character is one that only the parser sees.
    expect(invalid.filter(([text]) => pattern.test(text))).toEqual([]);
  });

  it("cannot pass the pattern and be refused", () => {
    expect(parseDuration("P99999DT99999H999999M99999999.999S")).toHaveProperty("ms");
  });
});
