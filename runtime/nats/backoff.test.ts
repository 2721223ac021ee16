import { describe, expect, it } from "vitest";
import { backoffDelay, DialPace } from "./backoff.ts";

const backoff = { baseMs: 100, capMs: 300_000 };
const longest = () => 1;
const shortest = () => 0;

describe("backoffDelay", () => {
  it("doubles each round until the cap of five minutes", () => {
    const delays = Array.from({ length: 14 }, (_, round) => backoffDelay(round, backoff, longest));
    expect(delays).toEqual([
      100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 51_200, 102_400, 204_800, 300_000, 300_000,
    ]);
  });

  it("waits at least half of the longest delay, at most all of it", () => {
    for (let round = 0; round < 40; round += 1) {
      const low = backoffDelay(round, backoff, shortest);
      const high = backoffDelay(round, backoff, longest);
      const drawn = backoffDelay(round, backoff, Math.random);
      expect(low).toBe(Math.round(high / 2));
      expect(drawn).toBeGreaterThanOrEqual(low);
      expect(drawn).toBeLessThanOrEqual(high);
    }
  });

  it("stays at the cap after any number of rounds", () => {
    expect(backoffDelay(1_000_000, backoff, longest)).toBe(300_000);
    expect(backoffDelay(1_000_000, { baseMs: 0, capMs: 300_000 }, longest)).toBe(0);
  });
});

describe("DialPace", () => {
  it("does not grow when the delay is asked for, however often", () => {
    const pace = new DialPace(backoff, longest);
    pace.dialing(1);
    const asked = Array.from({ length: 1_000 }, () => pace.delayMs);
    expect(new Set(asked)).toEqual(new Set([100]));
  });

  it("grows once a dial with one server", () => {
    const pace = new DialPace(backoff, longest);
    const delays = Array.from({ length: 4 }, () => (pace.dialing(1), pace.delayMs));
    expect(delays).toEqual([100, 200, 400, 800]);
  });

  it("grows once a round over the pool", () => {
    const pace = new DialPace(backoff, longest);
    const seen = Array.from({ length: 7 }, () => [pace.dialing(3), pace.delayMs, pace.round]);
    expect(seen).toEqual([
      [true, 100, 1],
      [false, 100, 1],
      [false, 100, 1],
      [true, 200, 2],
      [false, 200, 2],
      [false, 200, 2],
      [true, 400, 3],
    ]);
  });

  it("starts over after a reset", () => {
    const pace = new DialPace(backoff, longest);
    for (let dial = 0; dial < 20; dial += 1) pace.dialing(1);
    expect(pace.delayMs).toBe(300_000);
    pace.reset();
    expect(pace.delayMs).toBe(100);
    expect(pace.round).toBe(0);
  });
});
