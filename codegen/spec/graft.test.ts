import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { graft } from "./graft.ts";
import { isObject, own } from "./json.ts";
import { readSource } from "./source.ts";

const TEXT = `asyncapi: 3.0.0
channels:
  one:
    address: a.b # where
    messages: {}
components:
  # of all
  schemas:
    Order:
      type: object
      description: |
        Two lines,

        and a third one.
      properties:
        id: { type: string }

    Money: { type: number }
  messages:
    Created: { payload: { $ref: '#/components/schemas/Order' } }
`;

/** What is grafted of a changed text, and what reading it in full says; both after the same checks of the first text. */
function both(before: string, after: string): { readonly grafted: unknown; readonly full: unknown } {
  const first = readSource("a.yaml", before);
  expect(first.faults).toEqual([]);
  return {
    grafted: graft(after, { text: before, data: first.source.data }),
    full: readSource("a.yaml", after).source.data,
  };
}

describe("a change that is grafted", () => {
  it.each([
    ["a value", "id: { type: string }", "id: { type: integer }"],
    ["a line of a text", "and a third one.", "and a fourth one."],
    ["lines that are added", "        id: { type: string }\n", "        id: { type: string }\n        no: 1\n\n"],
    ["lines that are taken away", "      properties:\n        id: { type: string }\n", ""],
    ["an entry of one line", "Money: { type: number }", "Money: { type: integer }"],
    ["an entry that becomes empty", "Money: { type: number }", "Money:"],
    ["a value before a comment", "address: a.b", "address: c.d"],
    ["the last line of the text", "Order' } }\n", "Money' } }\n"],
  ])("is what a whole reading says: %s", (_, from, to) => {
    expect(TEXT).toContain(from);
    const { grafted, full } = both(TEXT, TEXT.replace(from, to));
    expect(grafted).toEqual(full);
    expect(full).toBeDefined();
  });

  it("leaves every other value the very same", () => {
    const { data } = readSource("a.yaml", TEXT).source;
    const grafted = graft(TEXT.replace("type: string", "type: integer"), { text: TEXT, data });
    expect(own(grafted, "channels")).toBe(own(data, "channels"));
    const schemas = (of: unknown) => own(own(of, "components"), "schemas");
    expect(own(schemas(grafted), "Money")).toBe(own(schemas(data), "Money"));
    expect(own(schemas(grafted), "Order")).not.toBe(own(schemas(data), "Order"));
  });

  it("keeps the order of keys, and its positions are those of the new text", () => {
    const before = readSource("a.yaml", TEXT).source;
    const after = TEXT.replace("      type: object\n", "      type: object\n      title: An order\n");
    const { source } = readSource("a.yaml", after, before);
    expect(JSON.stringify(source.data)).toBe(JSON.stringify(readSource("a.yaml", after).source.data));
    const { line } = source.locate("/components/schemas/Money");
    expect(after.split("\n")[line - 1]).toContain("Money:");
  });
});

describe("a change that is read in full", () => {
  it.each([
    ["of a key of the root", "asyncapi: 3.0.0", "asyncapi: 3.1.0"],
    ["that lets an entry go on after it", "    Money:", "      Money:"],
    ["that ends an entry early", "      properties:", "  properties:"],
    ["in two collections", "type: string", "type: string }\n  messages:\n    Other: {"],
    ["with an anchor", "type: object", "type: &kind object"],
    ["with an alias", "type: object", "type: *kind"],
    ["with a tag", "type: object", "type: !text object"],
    ["that is wrong", "type: object", "type: [object"],
    ["with a key that is there already", "      type: object", "      type: object\n      type: string"],
    ["that adds an entry", "    Money:", "    Weight: 1\n    Money:"],
    ["of a key", "    Order:\n", "    Ordered:\n"],
    ["with another document", "    Order:\n", "---\n    Order:\n"],
  ])("%s", (_, from, to) => {
    expect(TEXT).toContain(from);
    const { source } = readSource("a.yaml", TEXT);
    const after = TEXT.replace(from, to);
    expect(graft(after, source)).toBeUndefined();
  });

  it("where the entry refers to an anchor of another", () => {
    const text = "a:\n  b: &x\n    c: 1\nd:\n  e:\n    f:\n      h: *x\n      g: 1\n";
    expect(graft(text.replace("g: 1", "g: 2"), readSource("a", text).source)).toBeUndefined();
    expect(graft(text.replace("c: 1", "c: 2"), readSource("a", text).source)).toBeUndefined();
  });
});

const testdata = join(import.meta.dirname, "..", "testdata");
const documents = [join(testdata, "..", "..", "asyncapi.yaml")]
  .concat(readdirSync(testdata).map((name) => join(testdata, name, "asyncapi.yaml")))
  .flatMap((file) => {
    const text = readFileSync(file, "utf8");
    const { source, faults } = readSource(file, text);
    return faults.length === 0 && isObject(source.data) ? [{ text, data: source.data }] : [];
  });

/** What somebody does to a line, or an editor while it is typed. */
const EDITS: readonly ((line: string) => readonly string[])[] = [
  () => [],
  (line) => [line, line],
  (line) => [` ${line}`],
  (line) => [line.slice(1)],
  (line) => [line.slice(0, Math.floor(line.length / 2))],
  (line) => [`${line} # said`],
  (line) => [line.replace(/: .*$/, ":")],
  (line) => [line.replace(/: .*$/, ": |")],
  (line) => [line.replace(/: .*$/, ': "')],
  (line) => [line.replace(/: .*$/, ": {")],
  (line) => [line.replace(/[a-z]/, "z")],
  (line) => [line, `${/^ */.exec(line)?.[0] ?? ""}added: 1`],
  (line) => [line, `${/^ */.exec(line)?.[0] ?? ""}  - added`],
  (line) => ["", line],
  (line) => ["# said", line],
];

it("says of any edit of any document what a whole reading says, where it says something", () => {
  let grafts = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...documents),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.constantFrom(...EDITS),
      (document, where, edit) => {
        const lines = document.text.split("\n");
        const at = Math.floor(where * lines.length);
        const after = lines.toSpliced(at, 1, ...edit(lines[at] ?? "")).join("\n");
        const grafted = graft(after, document);
        if (grafted === undefined) return;
        grafts += 1;
        const { source, faults } = readSource("a.yaml", after);
        expect(faults).toEqual([]);
        expect(JSON.stringify(grafted)).toBe(JSON.stringify(source.data));
      },
    ),
    { numRuns: 1_500 },
  );
  expect(grafts).toBeGreaterThan(300);
});
