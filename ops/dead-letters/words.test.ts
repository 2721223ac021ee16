import { describe, expect, it } from "vitest";
import { prettyText, printable, readBody } from "./body.ts";
import { differences } from "./differences.ts";
import { isSensitive, mask, maskText, secretsIn } from "./mask.ts";

describe("sensitive values", () => {
  const body = { card: { number: "4111 1111" }, lines: [{ note: "for Ann" }, { note: "none" }], other: "4111 1111" };
  const pointers = ["/card", "/lines/*/note"];

  it("are replaced where a pointer leads, and where a member has their name", () => {
    expect(mask(body, pointers)).toEqual({
      card: "***",
      lines: [{ note: "***" }, { note: "***" }],
      other: "4111 1111",
    });
    expect(mask({ moved: { note: 1 } }, pointers)).toEqual({ moved: { note: "***" } });
    expect(mask(body, [])).toBe(body);
  });

  it("are taken out of texts that quote them", () => {
    const secrets = secretsIn(body, pointers);
    expect(secrets.toSorted()).toEqual(["4111 1111", "for Ann", "none"]);
    expect(maskText("4111 1111 refused for Ann", secrets)).toBe("*** refused ***");
  });

  it("cover what is inside of them", () => {
    expect(["/card", "/card/number", "/cards", "/other"].map((pointer) => isSensitive(pointer, pointers))).toEqual([
      ...[true, true, false, false],
    ]);
  });
});

describe("a body", () => {
  it("is printed with a line for each member, unless that would change it", () => {
    const pretty = (text: string) => prettyText(text, readBody(new TextEncoder().encode(text)).value);
    expect(pretty('{"a":[1, "x y"]}')).toBe('{\n  "a": [\n    1,\n    "x y"\n  ]\n}');
    for (const text of ['{"id": 12345678901234567890}', '{"a": 1, "a": 2}']) expect(pretty(text)).toBe(text);
  });

  it("may be no JSON, and no text", () => {
    expect(readBody(new TextEncoder().encode("{"))).toEqual({ text: "{" });
    expect(readBody(new Uint8Array([0xff]))).toEqual({});
  });

  it("cannot command a terminal", () => {
    expect(printable("a\u001b[2J\u009b\u202eb\tc\n")).toBe("a\\u001b[2J\\u009b\\u202eb\tc\n");
  });
});

it.each([
  [
    ["a", "b", "c"],
    ["a", "c"],
    [" a", "-b", " c"],
  ],
  [["a"], ["a", "b"], [" a", "+b"]],
  [
    ["a", "x", "c"],
    ["a", "y", "c"],
    [" a", "-x", "+y", " c"],
  ],
  [[], ["a"], ["+a"]],
  [["a"], [], ["-a"]],
])("the difference of %j and %j", (before, after, expected) => {
  expect(differences(before, after)).toEqual(expected);
});
