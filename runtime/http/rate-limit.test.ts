import { describe, expect, it } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

describe("a rate of requests", () => {
  it("lets two seconds of it in at once, then as many as it says, and each client for itself", () => {
    let now = 0;
    const limit = createRateLimit(10, () => now);
    const take = (client: string, count: number) => Array.from({ length: count }, () => limit.take(client));
    expect(take("a", 20)).toEqual(Array(20).fill(0));
    expect(take("a", 2)).toEqual([1, 1]);
    expect(limit.take("b")).toBe(0);
    now += 100;
    expect(take("a", 2)).toEqual([0, 1]);
    now += 60_000;
    expect(take("a", 21)).toEqual([...Array(20).fill(0), 1]);
  });

  it("of one is one, with room for a second", () => {
    let now = 0;
    const limit = createRateLimit(1, () => now);
    expect([limit.take("a"), limit.take("a"), limit.take("a")]).toEqual([0, 0, 1]);
    now += 1_000;
    expect(limit.take("a")).toBe(0);
  });

  it("of 0 is none", () => {
    const limit = createRateLimit(0, () => 0);
    expect(Array.from({ length: 1_000 }, () => limit.take("a"))).toEqual(Array(1_000).fill(0));
  });

  it("forgets the client that was longest unheard of, so that strangers cannot fill the memory", () => {
    const limit = createRateLimit(1, () => 0);
    limit.take("first");
    limit.take("first");
    expect(limit.take("first")).toBeGreaterThan(0);
    for (let count = 0; count < 10_000; count += 1) limit.take(`stranger ${count}`);
    expect(limit.take("first")).toBe(0);
  });
});
