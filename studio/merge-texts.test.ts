import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeTexts } from "./merge-texts.ts";

const BASE = "a\nb\nc\nd\ne\n";

describe("two changes of one text", () => {
  it.each([
    ["of different lines", "A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", "A\nb\nc\nd\nE\n"],
    ["one that adds and one that removes", "a\nb\nc\nd\nd2\ne\n", "a\nc\nd\ne\n", "a\nc\nd\nd2\ne\n"],
    ["of which one is none", BASE, "a\nX\nc\nd\ne\n", "a\nX\nc\nd\ne\n"],
    ["that are the same", "a\nX\nc\nd\ne\n", "a\nX\nc\nd\ne\n", "a\nX\nc\nd\ne\n"],
    ["at the first line and after the last", "0\na\nb\nc\nd\ne\n", "a\nb\nc\nd\ne\nf", "0\na\nb\nc\nd\ne\nf"],
  ])("%s are both in it", (_, one, other, merged) => {
    expect(mergeTexts(BASE, one, other)).toBe(merged);
    expect(mergeTexts(BASE, other, one)).toBe(merged);
  });

  it.each([
    ["of the same line", "a\nb\nX\nd\ne\n", "a\nb\nY\nd\ne\n"],
    ["of lines that touch", "a\nX\nc\nd\ne\n", "a\nb\nY\nd\ne\n"],
    ["one around the other", "X\nb\nc\nd\nX\n", "a\nb\nY\nd\ne\n"],
    ["that add at the same place", "a\nb\nX\nc\nd\ne\n", "a\nb\nY\nc\nd\ne\n"],
    ["that remove and change the same", "a\nb\nd\ne\n", "a\nb\nY\nd\ne\n"],
    ["of a text that is empty for one", "", "a\nb\nY\nd\ne\n"],
  ])("%s have no text", (_, one, other) => {
    expect(mergeTexts(BASE, one, other)).toBeUndefined();
    expect(mergeTexts(BASE, other, one)).toBeUndefined();
  });

  it("lose no line that one of them added", () => {
    const block = fc.array(fc.constantFrom("x", "y", "z"), { maxLength: 5 });
    fc.assert(
      fc.property(block, block, block, block, block, (head, between, tail, added, more) => {
        const text = (...parts: readonly string[][]) => parts.flatMap((lines) => lines.map((l) => `${l}\n`)).join("");
        const marked = (lines: readonly string[], mark: string) => lines.map((line) => `${line}${mark}`);
        const base = text(head, ["M"], between, ["N"], tail);
        const one = text(head, marked(added, "1"), ["M"], between, ["N"], tail);
        const other = text(head, ["M"], between, ["N"], marked(more, "2"), tail);
        expect(mergeTexts(base, one, other)).toBe(
          text(head, marked(added, "1"), ["M"], between, ["N"], marked(more, "2"), tail),
        );
      }),
    );
  });
});
