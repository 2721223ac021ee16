import { expect, it } from "vitest";
import { createTallies, verdictsOf } from "./verdict.ts";

it.each([
  [undefined, 10],
  [3, 3],
  [50, 12],
])("names the violations that are asked for (%s), and counts all of them", (named, expected) => {
  const tallies = createTallies(named);
  for (let index = 0; index < 12; index += 1) tallies.I6.violate({ index });
  const verdict = verdictsOf(tallies).find(({ invariant }) => invariant === "I6");
  expect(verdict).toMatchObject({ violations: 12 });
  expect(verdict?.examples).toHaveLength(expected);
});
