import { describe, expect, it } from "vitest";
import { readAckSubject } from "./ack-subject.ts";

describe("readAckSubject", () => {
  it("reads the form of nine tokens", () => {
    expect(readAckSubject("$JS.ACK.ORDERS.inventory-v1.2.41.57.1763694000123456789.3")).toEqual({
      deliveryCount: 2,
      sequence: 41,
      storedAt: 1763694000123,
    });
  });

  it("reads the form with domain and account", () => {
    const facts = { deliveryCount: 1, sequence: 7, storedAt: 1763694000123 };
    expect(readAckSubject("$JS.ACK.hub.ACCHASH.ORDERS.d.1.7.7.1763694000123000000.0")).toEqual(facts);
    expect(readAckSubject("$JS.ACK._.ACCHASH.ORDERS.d.1.7.7.1763694000123000000.0.rnd")).toEqual(facts);
  });

  it("cuts nanoseconds, where a number would round to the next millisecond", () => {
    const nanoseconds = "1763694000123999999";
    expect(Math.floor(Number(nanoseconds) / 1e6)).toBe(1763694000124);
    expect(readAckSubject(`$JS.ACK.S.d.1.1.1.${nanoseconds}.0`)?.storedAt).toBe(1763694000123);
  });

  it.each([
    "",
    "_INBOX.abc.1",
    "$JS.ACK.S.d.1.1",
    "$JS.API.S.d.1.1.1.1763694000123999999.0",
    "$JS.ACK.S.d.x.1.1.1763694000123999999.0",
  ])("takes %j for no delivery", (reply) => expect(readAckSubject(reply)).toBeUndefined());
});
