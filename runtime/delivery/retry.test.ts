import { describe, expect, it } from "vitest";
import type { RetryPolicy } from "../descriptors.ts";
import { retryDelay } from "./retry.ts";

const policy: RetryPolicy = {
  maxAttempts: 5,
  strategy: "exponential",
  delayMs: 1_000,
  maxDelayMs: 20_000,
  jitter: false,
};
const attempts = [1, 2, 3, 4, 5, 6, 7];

describe("the delay of a retry", () => {
  it("doubles with each attempt, up to the longest", () => {
    expect(attempts.map((attempt) => retryDelay(policy, attempt))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000,
    ]);
  });

  it("stays the same when it is fixed", () => {
    expect(attempts.map((attempt) => retryDelay({ ...policy, strategy: "fixed" }, attempt))).toEqual(
      attempts.map(() => 1_000),
    );
  });

  it("is only extended by jitter, by half at most, and never beyond the longest", () => {
    const jittery = { ...policy, jitter: true };
    expect(retryDelay(jittery, 2, () => 0)).toBe(2_000);
    expect(retryDelay(jittery, 2, () => 0.5)).toBe(2_500);
    expect(retryDelay(jittery, 2, () => 0.999_999)).toBe(3_000);
    expect(retryDelay(jittery, 5, () => 0.999_999)).toBe(20_000);
  });

  it("is finite for any count", () => {
    expect(retryDelay(policy, 5_000)).toBe(20_000);
  });
});
