import { MsgHdrsImpl } from "@nats-io/transport-node";
import { describe, expect, it } from "vitest";
import { readHeaders } from "./incoming-headers.ts";

describe("readHeaders", () => {
  it("keeps names as they are and the first value of each", () => {
    const headers = MsgHdrsImpl.fromRecord({ "ce-id": ["e1"], Twice: ["first", "second"], empty: [""] });
    expect({ ...readHeaders(headers) }).toEqual({ "ce-id": "e1", Twice: "first", empty: "" });
  });

  it("inherits nothing, and takes hostile names as names", () => {
    const record = readHeaders(MsgHdrsImpl.fromRecord({ ["__proto__"]: ["x"] }));
    expect(Object.getPrototypeOf(record)).toBeNull();
    expect(record["__proto__"]).toBe("x");
    expect(readHeaders(undefined)["constructor"]).toBeUndefined();
  });
});
