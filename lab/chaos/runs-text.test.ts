import { expect, it } from "vitest";
import { FAULTS } from "./faults/all.ts";
import type { Result } from "./result.ts";
import { runsText } from "./runs-text.ts";

function result(seed: number, outcome: Result["outcome"], violations: number): Result {
  const share = { share: 1, undisturbed: 1 };
  return {
    ...{ seed, minutes: 3, outcome, faults: { "kill-replica": 2, "kill-nats-all": 1, "freeze-replica": 1 } },
    figures: {
      ...{ intended: 10, accepted: 9, refused: 1, unanswered: 0, confirmed: 5, cancelled: 4, events: 40 },
      ...{ handled: 30, redelivered: 3, suppressed: 7, held: 0, retried: 0 },
      ...{ deadLetters: 2, spoiled: 2, sentBack: 0, lives: 10, drainedInMs: 1_000 },
    },
    liveness: { accepted: share, confirmed: share, problems: [] },
    verdicts: [
      {
        ...{ invariant: "I5", by: "tandem", says: "", checked: 9, inFlight: 0, notJudged: 0 },
        violations,
        examples: [],
      },
      {
        ...{ invariant: "I4", by: "chaos", says: "", checked: 9, inFlight: 0, notJudged: 0 },
        violations,
        examples: [],
      },
    ],
  };
}

it("has a row for each run, and the sums", () => {
  expect(
    runsText([result(1, "PASS", 0), result(2, "FAIL", 3)], FAULTS)
      .split("\n")
      .slice(2),
  ).toEqual([
    "| 1 | PASS | 9 | 5 | 40 | 1 nats, 3 service | 3 | 7 | 2 | 0 | 0 |",
    "| 2 | FAIL | 9 | 5 | 40 | 1 nats, 3 service | 3 | 7 | 2 | 3 | 3 |",
    "| all | 1 of 2 PASS | 18 | 10 | 80 | 2 nats, 6 service | 6 | 14 | 4 | 3 | 3 |",
  ]);
});
