import { describe, expect, it } from "vitest";
import { compareVersions, isAtLeast, parseVersion } from "./server-version.ts";

describe("parseVersion", () => {
  it.each([
    ["nats-server: v2.15.0\n", [2, 15, 0]],
    ["2.12.1", [2, 12, 1]],
    ["nats-server: v2.14.3-RC.1", [2, 14, 2]],
  ])("reads %j", (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });

  it.each(["", "nats-server", "v2.15", "PostgreSQL 18"])("finds none in %j", (text) => {
    expect(parseVersion(text)).toBeUndefined();
  });
});

describe("isAtLeast", () => {
  it.each([
    ["v2.12.1", true],
    ["v2.12.10", true],
    ["v2.100.0", true],
    ["v3.0.0", true],
    ["v2.12.0", false],
    ["v2.9.10", false],
    ["v2.12.1-RC.2", false],
    ["unknown", false],
  ])("%s against 2.12.1: %s", (text, enough) => {
    expect(isAtLeast(text, "2.12.1")).toBe(enough);
  });
});

it("compares numbers, not texts", () => {
  expect([[2, 9, 0] as const, [2, 10, 1] as const, [2, 10, 0] as const].toSorted(compareVersions)).toEqual([
    [2, 9, 0],
    [2, 10, 0],
    [2, 10, 1],
  ]);
});
