import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readPlainJson } from "./plain-json.ts";
import { readSource } from "./source.ts";

describe("plain JSON", () => {
  it("says what a reader of YAML reads in it", () => {
    const documents = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(documents, fc.constantFrom(undefined, 1, 2), (document, indent) => {
        const text = JSON.stringify(document, undefined, indent);
        const said: unknown = parse(text, { merge: true });
        expect(readPlainJson(text) ?? said).toEqual(said);
      }),
    );
    expect(readPlainJson('{ "a": [1, "b: {", { "c": null }] }')).toEqual({ a: [1, "b: {", { c: null }] });
  });

  it.each([
    ["a key twice", '{ "a": 1, "b": { "c": 1, "c": 2 } }'],
    ["a key twice, once escaped", '{ "a": 1, "\\u0061": 2 }'],
    ["a list", "[1]"],
    ["YAML in braces", "{ a: 1 }"],
    ["a comment", '{ "a": 1 } # one'],
    ["a merge key", '{ "<<": { "a": 1 } }'],
    ["nesting without end", `${'{"a":'.repeat(200)}1${"}".repeat(200)}`],
    ["the end missing", '{ "a": 1'],
  ])("is left to the reader of YAML when it is %s", (_, text) => {
    expect(readPlainJson(text)).toBeUndefined();
  });

  it("has positions like any other text", () => {
    const { source, faults } = readSource("a.json", '{\n "asyncapi": "3.0.0",\n "info": { "title": "T" }\n}\n');
    expect(faults).toEqual([]);
    expect(source.locate("/info/title")).toMatchObject({ file: "a.json", line: 3, col: 21, endCol: 24 });
    expect(readSource("a.json", '{\n "a": 1,\n "a": 2\n}').faults).toMatchObject([
      { code: "YAML_DUPLICATE_KEY", line: 3 },
    ]);
  });
});
