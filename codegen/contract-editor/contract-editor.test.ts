import { describe, expect, it } from "vitest";
import { CannotEdit, ContractEditor } from "./contract-editor.ts";

function edit(text: string, change: (editor: ContractEditor) => void): string {
  const editor = new ContractEditor(text);
  change(editor);
  return editor.text;
}

describe("setting a value", () => {
  it.each<[what: string, before: string, at: string, value: unknown, after: string]>([
    ["a plain scalar", "a: { state: draft } # why\n", "/a/state", "current", "a: { state: current } # why\n"],
    ["in single quotes", "a:   'v1'   # why\n", "/a", "v2", "a:   'v2'   # why\n"],
    ["in double quotes", 'a: "v1"\n', "/a", "v2", 'a: "v2"\n'],
    ["a text with a comma in a block", "title: One, v1\n", "/title", "One, v2", "title: One, v2\n"],
    ["a text with a comma in brackets", "a: { title: One }\n", "/a/title", "One, two", "a: { title: 'One, two' }\n"],
    ["a folded text", "a: >-\n  one\n  two\n\nb: 1\n", "/a", "three", "a: three\n\nb: 1\n"],
    ["nothing", "a:\nb: 1\n", "/a", 2, "a: 2\nb: 1\n"],
    ["an element", "a:\n  - one # 1\n  - two\n", "/a/0", "three", "a:\n  - three # 1\n  - two\n"],
    ["in JSON", '{ "a": { "state": "draft" } }', "/a/state", "current", '{ "a": { "state": "current" } }'],
    ["what is there already", "a: {  b:   'x' }\n", "/a", { b: "x" }, "a: {  b:   'x' }\n"],
    ["a new member in brackets", "a: { b: 1 } # c\n", "/a/d", "v1", "a: { b: 1, d: v1 } # c\n"],
    ["a new member in empty brackets", "a: {}\n", "/a/d", 1, "a: { d: 1 }\n"],
    [
      "a new member of a block",
      "a:\n  b: 1 # one\n\n# next\nc: 2\n",
      "/a/d",
      [1, "x"],
      "a:\n  b: 1 # one\n  d: [1, x]\n\n# next\nc: 2\n",
    ],
    ["a new member without a last line break", "a:\n  b: 1", "/a/d", true, "a:\n  b: 1\n  d: true"],
    [
      "a new member with Windows line breaks",
      "a:\r\n  b: 1\r\nc: 2\r\n",
      "/a/d",
      3,
      "a:\r\n  b: 1\r\n  d: 3\r\nc: 2\r\n",
    ],
    [
      "a new member behind a text block",
      "a:\n  b: |\n    text\n\nc: 2\n",
      "/a/d",
      3,
      "a:\n  b: |\n    text\n  d: 3\n\nc: 2\n",
    ],
    [
      "a new member in JSON",
      '{\n  "a": {\n    "b": 1\n  }\n}',
      "/a/d",
      { e: "f" },
      '{\n  "a": {\n    "b": 1,\n    "d": {"e":"f"}\n  }\n}',
    ],
    [
      "inside an alias",
      "x: &x { v: 1, w: { z: 2 } }\ny: *x\n",
      "/y/v",
      3,
      "x: &x { v: 1, w: { z: 2 } }\ny: { v: 3, w: { z: 2 } }\n",
    ],
    ["a word that would be a boolean", "a: x\n", "/a", "yes", "a: 'yes'\n"],
    ["a reference", "a: { $ref: '#/b' }\n", "/a/$ref", "#/c", "a: { $ref: '#/c' }\n"],
  ])("%s", (_what, before, at, value, after) => {
    expect(edit(before, (editor) => editor.set(at, value))).toBe(after);
  });

  it("behind a member that is named", () => {
    expect(edit("a:\n  b: 1\n  c: 2\n", (editor) => editor.set("/a/x", 0, { after: "b" }))).toBe(
      "a:\n  b: 1\n  x: 0\n  c: 2\n",
    );
  });

  it("as a block, with its comments", () => {
    const block = ["one: 1 # first", "two:", "  - x"];
    const value = { one: 1, two: ["x"] };
    expect(edit("a:\n  b: 1\n", (editor) => editor.set("/a/c", value, { block }))).toBe(
      "a:\n  b: 1\n  c:\n    one: 1 # first\n    two:\n      - x\n",
    );
    expect(edit("a:\n  c: { old: 1 }\n  b: 1\n", (editor) => editor.set("/a/c", value, { block }))).toBe(
      "a:\n  c:\n    one: 1 # first\n    two:\n      - x\n  b: 1\n",
    );
    expect(edit('{ "a": { "c": 1 } }', (editor) => editor.set("/a/d", value, { block }))).toContain(
      '"d": {"one":1,"two":["x"]}',
    );
  });

  it("as a block, beside the comment of its key", () => {
    const edited = edit("a: # why\n  - x # gone\n\n# next\nb: 1\n", (editor) =>
      editor.set("/a", ["y"], { block: ["- y"] }),
    );
    expect(edited).toBe("a: # why\n  - y # gone\n\n# next\nb: 1\n");
  });

  it.each([
    ["of a member without a value", "{ a }\n", "/a"],
    ["inside an anchor that is used elsewhere", "a: &x { v: 1 }\nb: *x\n", "/a/v"],
    ["of an anchor that is used elsewhere", "a: &x 1\nb: *x\n", "/a"],
    ["where nothing is written", "a: 1\n", "/b/c"],
    ["that comes by a merge key", "x: &x { w: { v: 1 } }\na: { <<: *x }\n", "/a/w/v"],
  ])("is refused %s", (_what, text, at) => {
    expect(() => new ContractEditor(text).set(at, 2)).toThrow(CannotEdit);
  });
});

describe("copying a member", () => {
  it("keeps comments, flow and quotes, and leaves what follows where it is", () => {
    const text = "m:\n  A1: # the first\n    name: 'a.1'\n    list: [x,  y] # as it is\n\n  # about B\n  B: 1\n";
    const copy = "  A2: # the first\n    name: 'a.1'\n    list: [x,  y]\n";
    expect(edit(text, (editor) => editor.copy("/m/A1", "A2"))).toBe(
      text.replace("\n\n  # about", `\n\n${copy}\n  # about`),
    );
  });

  it("anchors nothing twice", () => {
    const text = "m:\n  A1:\n    meta: &meta\n      id: 1\n    more: &more { x: 1 }\n  B: [*meta, *more]\n";
    const copied = edit(text, (editor) => editor.copy("/m/A1", "A2"));
    expect(copied).toBe(text.replace("  B:", "  A2:\n    meta: *meta\n    more: *more\n  B:"));
  });

  it("of a value that is anchored itself is a value of its own", () => {
    expect(edit("m:\n  A1: &a { x: 1 }\n  B: *a\n", (editor) => editor.copy("/m/A1", "A2"))).toBe(
      "m:\n  A1: &a { x: 1 }\n  A2: { x: 1 }\n  B: *a\n",
    );
  });

  it("works in JSON", () => {
    const text = '{\n  "m": {\n    "A1": { "x": [1, 2] },\n    "B": 1\n  }\n}';
    expect(edit(text, (editor) => editor.copy("/m/A1", "A2"))).toBe(
      text.replace(" },\n", ' },\n    "A2": { "x": [1, 2] },\n'),
    );
  });

  it("is undone by removing the copy", () => {
    for (const text of [
      "m:\n  A1: { x: 1 }\n\n  B: 1\n",
      "m:\n  A1:\n    x: 1\n",
      '{ "m": { "A1": 1 } }',
      "m:\r\n  A1: 1\r\n  B: 2\r\n",
      "m: { A1: 1, B: 2 }\n",
    ]) {
      const undone = edit(text, (editor) => {
        editor.copy("/m/A1", "A2");
        editor.remove("/m/A2");
      });
      expect(undone).toBe(text);
    }
  });
});

describe("lists", () => {
  const next = (text: string): string => text.replace("V1", "V2");

  it.each([
    ["in brackets", "a: [{ $ref: '#/V1' }] # which\n", "a: [{ $ref: '#/V1' }, { $ref: '#/V2' }] # which\n"],
    [
      "as a block",
      "a:\n  - { $ref: '#/V1' } # old\nb: 1\n",
      "a:\n  - { $ref: '#/V1' } # old\n  - { $ref: '#/V2' }\nb: 1\n",
    ],
    ["as a block at the column of its key", "a:\n- V1\nb: 1\n", "a:\n- V1\n- V2\nb: 1\n"],
    ["as a block of mappings", "a:\n  - $ref: '#/V1'\nb: 1\n", "a:\n  - $ref: '#/V1'\n  - $ref: '#/V2'\nb: 1\n"],
    ["that is an alias", "x: &x [V1]\na: *x\n", "x: &x [V1]\na: [V1, V2]\n"],
  ])("grow %s", (_what, before, after) => {
    expect(edit(before, (editor) => editor.appendLike("/a/0", next))).toBe(after);
  });

  it("are broken where the line would be too long", () => {
    const name = `#/${"long".repeat(14)}V1`;
    const text = `o:\n  messages: [{ $ref: '${name}' }] # which\n  x: 1\n`;
    const broken = edit(text, (editor) => editor.appendLike("/o/messages/0", next));
    expect(broken).toBe(
      `o:\n  messages:\n    - { $ref: '${name}' }\n    - { $ref: '${next(name)}' } # which\n  x: 1\n`,
    );
  });

  it.each([
    ["the first in brackets", "a: [x, y]\n", "/a/0", "a: [y]\n"],
    ["the last in brackets", "a: [x, y]\n", "/a/1", "a: [x]\n"],
    ["an element of a block", "a:\n  - x # 1\n  - y # 2\nb: 1\n", "/a/0", "a:\n  - y # 2\nb: 1\n"],
  ])("lose %s", (_what, before, at, after) => {
    expect(edit(before, (editor) => editor.remove(at))).toBe(after);
  });

  it("lose the first member of a document", () => {
    expect(edit("a: 1 # one\nb: 2\n", (editor) => editor.remove("/a"))).toBe("b: 2\n");
    expect(() => new ContractEditor("- a: 1\n  b: 2\n").remove("/0/a")).toThrow(CannotEdit);
  });

  it.each([
    ["a text", "a: [x, y]\n", "/a/0", "x removed"],
    ["what it refers to", "a:\n  - $ref: '#/m/A~1B'\n  - $ref: '#/m/C'\n", "/a/0", "A/B removed"],
    ["another document", "a:\n  - $ref: other.yaml\n  - $ref: '#/m/C'\n", "/a/0", "other.yaml removed"],
    ["its place, when it has no name", "a: [{ x: 1 }, { x: 2 }]\n", "/a/1", "element 1 removed"],
    ["its key, as a member", "a: { x: 1, y: 2 }\n", "/a/x", "x removed"],
  ])("tell what is gone by its name: %s", (_what, before, at, what) => {
    const editor = new ContractEditor(before);
    editor.remove(at);
    expect(editor.changes).toMatchObject([{ at: "/a", what }]);
  });

  it("never lose the only element", () => {
    expect(() => new ContractEditor("a: [x]\n").remove("/a/0")).toThrow(/only one/);
  });
});

it("tells what was changed, at the lines of the new text", () => {
  const editor = new ContractEditor("m:\n  A1:\n    state: draft\n  B: 1\nz: { w: v1 }\n");
  editor.set("/z/w", "v2");
  editor.copy("/m/A1", "A2");
  editor.set("/m/A2/state", "current");
  expect(editor.changes).toEqual([
    { at: "/m/A2", line: 4, what: "added, a copy of A1" },
    { at: "/z/w", line: 7, what: "v1 → v2" },
  ]);
});

it("refuses a text that is not well-formed", () => {
  expect(() => new ContractEditor("a: [\n")).toThrow(CannotEdit);
});
