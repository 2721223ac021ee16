import { describe, expect, it } from "vitest";
import { docComment, lineComment } from "./comment.ts";

describe("docComment", () => {
  it("says nothing where there is nothing to say", () => {
    expect(docComment({})).toBe("");
    expect(docComment({ description: " \n " })).toBe("");
  });

  it("takes one line for one line, and keeps the lines of more", () => {
    expect(docComment({ description: "An order." })).toBe("/** An order. */\n");
    expect(docComment({ description: "An order.\n\n- with lines\n" })).toBe(
      "/**\n * An order.\n *\n * - with lines\n */\n",
    );
  });

  it("says that something is deprecated, with or without a description", () => {
    expect(docComment({ deprecated: true })).toBe("/** @deprecated */\n");
    expect(docComment({ description: "Old.", deprecated: true })).toBe("/**\n * Old.\n *\n * @deprecated\n */\n");
  });

  it("breaks long lines between words", () => {
    const comment = docComment({ description: "word ".repeat(60) });
    expect(comment.split("\n").every((line) => line.length <= 110)).toBe(true);
    expect(comment.match(/word/g)).toHaveLength(60);
  });

  it.each([
    ["an end of the comment", "a */ b", "/** a *\\/ b */\n"],
    ["an end of the comment in pieces", "**/ */*/", "/** **\\/ *\\/*\\/ */\n"],
    ["a tag", "@deprecated", "/** \\@deprecated */\n"],
    ["an inline tag", "see {@link x}", "/** see {\\@link x} */\n"],
    ["line separators", "a\u2028b\u2029c", "/**\n * a\n * b\n * c\n */\n"],
    ["control characters", "a\0b\u001bc", "/** a b c */\n"],
    ["text that is shown in another order", "a\u202eb", "/** ab */\n"],
    ["half a character", "a\ud800b", "/** a\ufffdb */\n"],
  ])("makes %s harmless", (_, description, comment) => {
    expect(docComment({ description })).toBe(comment);
  });
});

describe("lineComment", () => {
  it("stays on one line", () => {
    expect(lineComment("a\nb\u2028c\rd")).toBe("// a%0Ab%E2%80%A8c%0Dd");
  });
});
