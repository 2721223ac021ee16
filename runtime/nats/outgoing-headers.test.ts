import { MsgHdrsImpl } from "@nats-io/transport-node";
import { describe, expect, it } from "vitest";
import type { MessageHeaders } from "../broker.ts";
import { encodeHeaders } from "./outgoing-headers.ts";

function decoded(headers: MessageHeaders, id = "e1:1"): Record<string, string[]> {
  const encoded = encodeHeaders(headers, id);
  if (typeof encoded === "string") throw new Error(encoded);
  return MsgHdrsImpl.decode(encoded.encode()).toRecord();
}

describe("encodeHeaders", () => {
  it("writes what the client reads back", () => {
    expect(decoded({ "ce-id": "e1", "correlation-id": "größe: 1", empty: "" })).toEqual({
      "Nats-Msg-Id": ["e1:1"],
      "ce-id": ["e1"],
      "correlation-id": ["größe: 1"],
      empty: [""],
    });
  });

  it("encodes once", () => {
    const encoded = encodeHeaders({ a: "b" }, "e1:1");
    if (typeof encoded === "string") throw new Error(encoded);
    expect(encoded.encode()).toBe(encoded.encode());
  });

  it.each(["Nats-Rollup", "nats-msg-id", "NATS-TTL", "nAtS-Expected-Stream"])(
    "refuses the server's header %s",
    (name) => {
      expect(encodeHeaders({ [name]: "all" }, "e1:1")).toMatch(/is the server's/);
    },
  );

  it.each(["", "a b", "a:b", "größe", "a\r\nb"])("refuses the name %j", (name) => {
    expect(encodeHeaders({ [name]: "x" }, "e1:1")).toMatch(/no name for a header/);
  });

  it("refuses a value that would begin another header", () => {
    expect(encodeHeaders({ a: "x\r\nNats-Rollup: all" }, "e1:1")).toMatch(/line break/);
  });

  it.each(["", "e1\r\nNats-Rollup: all"])("refuses the message id %j", (id) => {
    expect(encodeHeaders({}, id)).toMatch(/message id/);
  });
});
