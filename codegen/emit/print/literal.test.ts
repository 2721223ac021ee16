import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { isIdentifier, memberName, numberLiteral, objectKey, regularExpression, stringLiteral } from "./literal.ts";

const hostile = [
  "*/",
  "'",
  '"',
  "`",
  "${x}",
  "\\",
  "\n",
  "\r",
  "\u2028",
  "\u2029",
  "$'",
  "$&",
  "\u202e",
  "\0",
  "\ud800",
  "</script>",
  "😀",
];

describe("stringLiteral", () => {
  it.each(hostile)("gives %j back when it is run, on one line", (text) => {
    const literal = stringLiteral(text);
    expect(runInNewContext(literal)).toBe(text);
    expect(literal).not.toMatch(/[\n\r\u2028\u2029\u202e]/);
  });
});

describe("regularExpression", () => {
  it.each(["^v1$", "/", "[/]", "\\/", "", "\u2028", "😀", "\n"])(
    "gives the pattern %j back when it is run",
    (pattern) => {
      const original = new RegExp(pattern, "u");
      const back: RegExp = runInNewContext(regularExpression(original));
      expect([back.source, back.flags]).toEqual([original.source, "u"]);
    },
  );
});

describe("names", () => {
  it("quotes members that are no plain name, and __proto__", () => {
    expect(["order_id", "class", "order-id", "1", "", "é", "__proto__"].map(memberName)).toEqual([
      "order_id",
      "class",
      '"order-id"',
      '"1"',
      '""',
      '"é"',
      '"__proto__"',
    ]);
  });

  it("makes __proto__ a key like any other", () => {
    const object: unknown = runInNewContext(`({ ${objectKey("__proto__")}: 1, ${objectKey("constructor")}: 2 })`);
    expect(Object.entries(object ?? {})).toEqual([
      ["__proto__", 1],
      ["constructor", 2],
    ]);
  });

  it("knows what can be declared", () => {
    expect(["orderCreated", "$", "été"].every(isIdentifier)).toBe(true);
    expect(["", "1a", "a-b", "a b", "class", "await", "string", "a;b", "a\u200b"].some(isIdentifier)).toBe(false);
  });
});

describe("numberLiteral", () => {
  it("groups digits of whole numbers from a thousand on", () => {
    expect([0, 999, 1000, 30_000, 2_592_000_000, -1234, 0.12345, 1e21].map(numberLiteral)).toEqual([
      "0",
      "999",
      "1_000",
      "30_000",
      "2_592_000_000",
      "-1_234",
      "0.12345",
      "1e+21",
    ]);
  });
});
