import { expect, it } from "vitest";
import { isOlder, missingIn, OLDEST_SERVER } from "./server-features.ts";

it("knows which release came first", () => {
  const compared = [
    ["2.12.0", "2.12.1", true],
    ["2.9.10", "2.12.1", true],
    ["2.12.1", "2.12.1", false],
    ["2.12.1-RC.2", "2.12.1", false],
    ["2.100.0", "2.12.1", false],
    ["3.0.0", "2.12.1", false],
  ] as const;
  for (const [version, than, older] of compared) expect([version, isOlder(version, than)]).toEqual([version, older]);
});

it("asks for the newest of what is used, and says what an older one lacks", () => {
  expect(OLDEST_SERVER).toBe("2.12.1");
  expect(missingIn(OLDEST_SERVER)).toEqual([]);
  expect(missingIn("2.12.0").map(({ what }) => what)).toEqual(["message ids in atomic batches"]);
  expect(missingIn("2.10.27").map(({ what }) => what)).toEqual([
    "pauses of durables",
    "priority groups (overflow, pinned)",
    "priority groups (prioritized)",
    "message ids in atomic batches",
  ]);
});
