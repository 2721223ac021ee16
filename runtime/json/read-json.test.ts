import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDeeperThan } from "./depth.ts";
import { readJson } from "./read-json.ts";
import { findSyntaxFault } from "./syntax-fault.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string, depth = 10) => readJson(bytes(text), depth);

describe("reading JSON from strangers", () => {
  it.each([
    ["", "line 1, column 1: a value expected"],
    ["{", 'line 1, column 2: a name in quotes or "}" expected'],
    ['{"a"}', 'line 1, column 5: ":" expected'],
    ['{"a":1,}', "line 1, column 8: a name in quotes expected"],
    ['{"a":secret}', "line 1, column 6: a value expected"],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3: "," or "}" expected'],
    ["[1 2]", 'line 1, column 4: "," or "]" expected'],
    ["[1,]", "line 1, column 4: a value expected"],
    ['"abc', "line 1, column 5: a closing quote expected"],
    ['"a\\x"', "line 1, column 3: an escape that JSON knows expected"],
    ['"a\tb"', "line 1, column 3: an escape instead of a control character expected"],
    ["01", "line 1, column 2: the end expected"],
    ["{} {}", "line 1, column 4: the end expected"],
    ["[[[[1]]]]", undefined],
    ["[[[[[1]]]]]", "it is nested deeper than 4 levels"],
    ['["[[[[[[{{{{", "\\"[[[[["]', undefined],
  ])("%j: %s", (text, fault) => {
    expect(read(text, 4)).toEqual(fault === undefined ? { value: JSON.parse(text) } : { fault });
  });

  it("refuses what is no UTF-8", () => {
    expect(readJson(Uint8Array.of(0x22, 0xff, 0x22), 4)).toEqual({ fault: "its bytes are not UTF-8" });
  });

  it("makes nobody's prototype, and keeps the last of two", () => {
    const { value } = read('{"__proto__":{"admin":true},"a":1,"a":2}') as { value: Record<string, unknown> };
    expect(Object.keys(value)).toEqual(["__proto__", "a"]);
    expect([Object.getPrototypeOf(value) === Object.prototype, value["a"], value["admin"]]).toEqual([
      true,
      2,
      undefined,
    ]);
  });

  it("finds the fault of a text that is nested as deep as it is long", () => {
    const depth = 200_000;
    expect(findSyntaxFault("[".repeat(depth))).toMatchObject({ column: depth + 1, expected: "a value" });
    expect(isDeeperThan(100, bytes("[".repeat(depth)))).toBe(true);
  });

  it("finds a fault in exactly those texts that JSON.parse refuses", () => {
    const pieces = [
      "[",
      "]",
      "{",
      "}",
      ",",
      ":",
      '"a"',
      '"',
      "1",
      "-",
      "0",
      ".5",
      "e3",
      "true",
      "nul",
      " ",
      "\n",
      "\\",
    ];
    const text = fc.oneof(
      fc.json().chain((good) => fc.nat(good.length).map((at) => good.slice(0, at) + good.slice(at + 1))),
      fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join("")),
      fc.json(),
    );
    const verdicts = new Set<boolean>();
    fc.assert(
      fc.property(text, (candidate) => {
        const refused = refuses(candidate);
        verdicts.add(refused);
        return (findSyntaxFault(candidate) !== undefined) === refused;
      }),
      { seed: 20_260_102, numRuns: 3_000 },
    );
    expect(verdicts.size).toBe(2);
  });
});

function refuses(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
