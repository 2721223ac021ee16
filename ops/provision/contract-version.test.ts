import { expect, it } from "vitest";
import { compareVersions } from "./contract-version.ts";

it("knows which release is older, and does not guess", () => {
  const compared = [
    ["1.9.3", "1.10.0", "older"],
    ["v2", "1.99", "newer"],
    ["1.0", "1.0.0", "same"],
    ["1.0.0-rc.2", "1.0.0-rc.10", "older"],
    ["1.0.0-rc.2", "1.0.0", "older"],
    ["1.0.0+build.7", "1.0.0", "same"],
    ["2026-11-28", "2026-11-27", "newer"],
    ["spring", "1.0.0", "same"],
  ] as const;
  for (const [a, b, expected] of compared) {
    const sign = Math.sign(compareVersions(a, b));
    expect([a, b, sign < 0 ? "older" : sign > 0 ? "newer" : "same"]).toEqual([a, b, expected]);
    expect(Math.sign(compareVersions(b, a))).toBe(sign === 0 ? 0 : -sign);
  }
});
