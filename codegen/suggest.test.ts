import { describe, expect, it } from "vitest";
import { closest, meant } from "./suggest.ts";

const words = ["x-stream", "x-streams", "x-service", "x-sensitive", "x-dead-letter"];

describe("what is meant", () => {
  it.each([
    ["x-strem", "x-stream"],
    ["X-Stream", "x-stream"],
    ["x-steams", "x-streams"],
    ["x-deadletter", "x-dead-letter"],
    ["x_dead_letter", "x-dead-letter"],
    ["x-sevrice", "x-service"],
  ])("by %s is %s", (word, expected) => {
    expect(closest(word, words)).toBe(expected);
  });

  it.each(["x-kafka", "x-stream-of-consciousness", "", "service"])("by %j is nothing of ours", (word) => {
    expect(closest(word, words)).toBeUndefined();
  });

  it("is said, or else what there is", () => {
    expect(meant("acount", ["account", "amount"])).toBe("Did you mean account?");
    expect(meant("zzz", ["account", "amount"])).toBe("There is: account, amount.");
    expect(meant("zzz", [])).toBe("");
    expect(
      meant(
        "zzz",
        Array.from({ length: 20 }, (_, i) => `name${i}`),
      ),
    ).toMatch(/name11, \.\.\.\.?$/);
  });
});
