import { MsgHdrsImpl } from "@nats-io/transport-node";
import { describe, expect, it } from "vitest";
import { readHeaders, readHeadersOf } from "./incoming-headers.ts";

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

describe("readHeadersOf", () => {
  it.each([
    ["a name with a space", "a b: c"],
    ["a line break inside a value", "a: b\nc"],
  ])("says why headers with %s cannot be read, and throws nothing", (_, line) => {
    const message = {
      get headers() {
        return MsgHdrsImpl.decode(Buffer.from(`NATS/1.0\r\n${line}\r\n\r\n`));
      },
    };
    const { headers, headersFault } = readHeadersOf(message);
    expect(Object.keys(headers)).toEqual([]);
    expect(headersFault).toContain("header");
  });

  it("reads good headers, and none", () => {
    expect(readHeadersOf({ headers: MsgHdrsImpl.fromRecord({ a: ["b"] }) })).toMatchObject({ headers: { a: "b" } });
    expect(readHeadersOf({}).headersFault).toBeUndefined();
  });
});
