import { describe, expect, it } from "vitest";
import type { Violation } from "../descriptors.ts";
import { readKey } from "./event-key.ts";
import { describeFaults, listFaults } from "./faults.ts";
import { decodeHeader, encodeHeader, withoutBrokerHeaders } from "./headers.ts";
import { readPointer } from "./json-pointer.ts";
import { oneLine } from "./one-line.ts";

const violation = (keyword: string, params: Record<string, unknown> = {}, instancePath = "/a"): Violation => ({
  instancePath,
  keyword,
  message: "must be other",
  params,
});

describe("faults", () => {
  it("say where and what, with the value that the validator's words leave out", () => {
    expect(listFaults([violation("minimum"), violation("const", { allowedValue: "v1" }, "")])).toEqual([
      { path: "/a", message: "must be other" },
      { path: "", message: 'must be "v1"' },
    ]);
    expect(
      describeFaults([
        violation("enum", { allowedValues: ["x", "y"] }),
        violation("additionalProperties", { additionalProperty: "z" }, ""),
      ]),
    ).toBe('/a must be one of ["x","y"]; must be other: "z"');
  });

  it("are bounded in number and length", () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      violation("enum", { allowedValues: ["x".repeat(9_999)] }, `/${index}/${"p".repeat(9_999)}`),
    );
    expect(describeFaults(many)).toMatch(/; and 480 more$/);
    expect(describeFaults(many).length).toBeLessThan(20 * 405 + 20);
    expect(describeFaults(null)).toBe("");
  });
});

describe("a pointer", () => {
  it("reads own members only", () => {
    const value = JSON.parse('{"a":{"b/c":[{"d~e":1}]},"":2,"__proto__":{"x":3}}');
    expect(readPointer(value, "/a/b~1c/0/d~0e")).toBe(1);
    expect(readPointer(value, "/")).toBe(2);
    expect(readPointer(value, "")).toBe(value);
    expect(readPointer(value, "/__proto__/x")).toBe(3);
    for (const absent of ["/a/x/y", "/toString", "/a/constructor", "/a/b~1c/length/x", "/a/b~1c/1"]) {
      expect(readPointer(value, absent)).toBeUndefined();
    }
  });

  it("finds a key that can be stored and sent, or none", () => {
    expect(readKey({ id: "k" }, "/id")).toBe("k");
    expect(readKey({ id: 7 }, "/id")).toBe("7");
    for (const id of ["", "a\0", "\udc00", "x".repeat(513), null, {}, undefined])
      expect(readKey({ id }, "/id")).toBeUndefined();
  });
});

describe("one line", () => {
  it("has no line breaks, control characters or reversed text, and an end", () => {
    expect(oneLine(" a\r\n\tb\u0000\u2028c\u202e ", 50)).toBe("a b c");
    expect(oneLine("x".repeat(60), 10)).toBe(`${"x".repeat(9)}…`);
    expect(oneLine("x".repeat(10), 10)).toBe("x".repeat(10));
    expect(oneLine("\u{1f600}".repeat(10), 4).isWellFormed()).toBe(true);
  });
});

describe("a header value", () => {
  it("is decoded to what was encoded", () => {
    for (const value of ["plain", "a b", "100%", '"quoted"', "ü\u{1f600}", "a\r\nb", ""])
      expect(decodeHeader(encodeHeader(value))).toBe(value);
    expect(encodeHeader("\ud800")).toBe("%EF%BF%BD");
    expect(decodeHeader("50% off")).toBe("50% off");
  });

  it("that the broker acts on goes, in any case", () => {
    expect(withoutBrokerHeaders({ "Nats-Msg-Id": "1", "NATS-ROLLUP": "all", "x-nats-like": "stays" })).toEqual({
      "x-nats-like": "stays",
    });
  });
});
