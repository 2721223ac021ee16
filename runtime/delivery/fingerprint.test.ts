import { describe, expect, it } from "vitest";
import { fingerprintOf } from "./fingerprint.ts";

const at = { service: "taker", channel: "thingMade", code: "HANDLER_FAILED" };
const of = (words: string, changes: Partial<typeof at> = {}): string => fingerprintOf({ ...at, ...changes, words });

describe("a fingerprint", () => {
  it.each([
    ["numbers", "order 17 has 3 lines", "order 4711 has 12 lines"],
    ["uuids", "no 3f2b8a34-0000-4000-8000-000000000001", "no AAAAAAAA-bbbb-4ccc-8ddd-eeeeeeeeeeee"],
    ["hashes", "etag 9f86d081884c7d65 differs", "etag 60303ae22b998861 differs"],
    ["addresses", "at 0x7ffe in libc", "at 0xdead in libc"],
  ])("is the same whatever the %s", (_, one, other) => {
    expect(of(one)).toBe(of(other));
    expect(of(one)).toMatch(/^[0-9a-f]{12}$/);
  });

  it.each([
    ["another reason", of("the shelf is broken")],
    ["another code", of("the shelf is full", { code: "PERMANENT" })],
    ["another event", of("the shelf is full", { channel: "thingTaken" })],
    ["another service", of("the shelf is full", { service: "maker" })],
    ["a word of hex letters", of("the facade is full")],
  ])("differs for %s", (_, other) => {
    expect(other).not.toBe(of("the shelf is full"));
  });
});
