import { describe, expect, it } from "vitest";
import { readSource, type Side } from "./source.ts";

/** The text that a place stands for. */
function textAt(text: string, at: string, side?: Side): string {
  const { source, faults } = readSource("contract.yaml", text);
  expect(faults).toEqual([]);
  const { line, col, endLine, endCol } = source.locate(at, side);
  const lines = text.split(/\r?\n/).slice(line - 1, endLine);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? "").slice(0, endCol - 1);
  lines[0] = (lines[0] ?? "").slice(col - 1);
  return lines.join("\n");
}

const YAML = `
base: &base { colour: red, sizes: [1, 22] }
both:
  <<: *base
  name: 'it''s'
alias: *base
list:
  - { $ref: '#/base' }
  - first: 1
    second: 2
a/b: { m~n: deep }
empty:
`;

describe("a place in YAML", () => {
  it.each([
    ["/both/name", undefined, "'it''s'"],
    ["/both/name", "name", "name"],
    ["/both", undefined, "both"],
    ["/base/sizes/1", undefined, "22"],
    ["/a~1b/m~0n", undefined, "deep"],
    ["/empty", "name", "empty"],
  ] as const)("%s (%s)", (at, side, expected) => {
    expect(textAt(YAML, at, side)).toBe(expected);
  });

  it("goes through aliases and merge keys to where the value is written", () => {
    expect(textAt(YAML, "/alias/colour")).toBe("red");
    expect(textAt(YAML, "/both/sizes/0")).toBe("1");
    expect(readSource("a", YAML).source.locate("/both/sizes/0").line).toBe(2);
  });

  it("is the alias itself when that is the value", () => {
    expect(textAt(YAML, "/alias", "value")).toBe("*base");
  });

  it("is what an element of a list refers to, or its first key", () => {
    expect(textAt(YAML, "/list/0")).toBe("'#/base'");
    expect(textAt(YAML, "/list/1")).toBe("first");
  });

  it("that does not exist is the nearest one around it", () => {
    expect(textAt(YAML, "/both/missing/deeper")).toBe("both");
    expect(textAt(YAML, "/list/7")).toBe("list");
    expect(textAt(YAML, "")).toBe("base");
  });

  it("is right in JSON, with tabs, with CRLF, and after a byte order mark", () => {
    expect(textAt('{\n\t"a": {\n\t\t"b": [true]\n\t}\n}', "/a/b/0")).toBe("true");
    expect(textAt("a: 1\r\nb:\r\n  c: 2\r\n", "/b/c")).toBe("2");
    expect(readSource("a", "\u{FEFF}a: 1\n").source.data).toEqual({ a: 1 });
  });
});

describe("a text that says nothing", () => {
  const codeOf = (text: string): string[] =>
    readSource("contract.yaml", text).faults.map(({ code, line, col }) => `${line}:${col} ${code}`);

  it.each([
    ["a: [1, 2\nb: 3\n", "2:1 YAML_SYNTAX"],
    ['a: 1\nb: "x\nc: 3\n', "2:4 YAML_SYNTAX"],
    ["a: 1\n---\nb: 2\n", "2:1 YAML_SYNTAX"],
    ["a: 1\nb: 2\na: 3\n", "3:1 YAML_DUPLICATE_KEY"],
    ['{"a": 1, "a": 2}', "1:10 YAML_DUPLICATE_KEY"],
    ["a: *nothing\n", "1:4 YAML_ALIAS"],
    ["a: &x { b: *x }\n", "1:9 YAML_ALIAS"],
  ])("%j", (text, expected) => {
    expect(codeOf(text)).toEqual([expected]);
  });

  it("is one whose aliases multiply", () => {
    const levels = Array.from(
      { length: 8 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(", ")}]`,
    );
    expect(codeOf(`l0: &l0 [1]\n${levels.join("\n")}\n`)).toEqual(["1:1 YAML_ALIAS"]);
  });

  it("is one that is nested without end", () => {
    expect(codeOf("[".repeat(50_000))).toEqual([expect.stringContaining("YAML_SYNTAX")]);
    expect(codeOf(`${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`)).toEqual([expect.stringContaining("YAML_SYNTAX")]);
  });
});

it("one anchor may be used by hundreds of messages", () => {
  const uses = Array.from({ length: 500 }, (_, i) => `m${i}: *meta`).join("\n");
  expect(readSource("a", `meta: &meta { id: 1 }\n${uses}\n`).faults).toEqual([]);
});

it("keys that objects inherit are data", () => {
  const { data } = readSource("a", "__proto__: { polluted: true }\nconstructor: 1\n").source;
  expect(Object.keys(Object(data))).toEqual(["__proto__", "constructor"]);
  expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
});

it("a carriage return alone ends a line", () => {
  const { source, faults } = readSource("a", "one: 1\rtwo: { three: 3 }\r");
  expect(faults).toEqual([]);
  expect(source.data).toEqual({ one: 1, two: { three: 3 } });
  expect(source.locate("/two/three")).toMatchObject({ line: 2, col: 15 });
});
