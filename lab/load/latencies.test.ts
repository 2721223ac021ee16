import { expect, it } from "vitest";
import { histogramLines, summarise } from "./latencies.ts";

it("says how slow so many of all were at most", () => {
  const thousand = Array.from({ length: 1_000 }, (_, index) => 1_000 - index);
  expect(summarise(thousand)).toEqual({ count: 1_000, p50: 500, p90: 900, p99: 990, p999: 999, max: 1_000 });
  expect(summarise([7])).toEqual({ count: 1, p50: 7, p90: 7, p99: 7, p999: 7, max: 7 });
  expect(summarise([])).toEqual({ count: 0 });
});

it("draws a line for each power of two, the empty ones between too", () => {
  expect(histogramLines([0.2, 1, 3, 3, 4, 4, 30])).toEqual([
    "  up to      1 ms        2  ####################",
    "  up to      2 ms        0",
    "  up to      4 ms        4  ########################################",
    "  up to      8 ms        0",
    "  up to     16 ms        0",
    "  up to     32 ms        1  ##########",
  ]);
  expect(histogramLines([])).toEqual([]);
});
