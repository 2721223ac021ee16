import { default as MarkdownIt } from "markdown-it";
import { describe, expect, it } from "vitest";
import { code, comment, duration, link, paragraph, table, text } from "./markdown.ts";

const HOSTILE = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "a | b",
  "`code`",
  "``` fence",
  "[click](javascript:alert(1))",
  "![image](http://example.com/x.png)",
  "**bold** _thin_ ~~gone~~",
  "# heading",
  "- list",
  "1. list",
  "+ list",
  "=====",
  "---",
  "> quote",
  "&lt;b&gt; &amp;",
  "*/ $'$& ${x}",
  "-->",
  "\\",
  "snake_case_name and __proto__",
  "<!-- comment",
];

/** HTML is let through: what is written must be harmless to whoever shows it without care. */
const careless = new MarkdownIt({ html: true });

/** The text that a reader sees, and the tags that are none of the table or the paragraph. */
function shown(markdown: string): { text: string; tags: string[] } {
  const html = careless.render(markdown);
  const tags = [...html.matchAll(/<(\/?[a-z!][^>]*)>/gi)].map((match) => match[1] ?? "");
  const words = html
    .replace(/<[^>]*>/g, " ")
    .replace(/&(lt|gt|quot|amp);/g, (_, name: string) => ({ lt: "<", gt: ">", quot: '"' })[name] ?? "&");
  return { text: words.replace(/\s+/g, " ").trim(), tags };
}

describe("text in Markdown", () => {
  it.each(HOSTILE)("shows %s as it is, in a paragraph", (words) => {
    expect(shown(paragraph(words))).toEqual({ text: words, tags: ["p", "/p"] });
  });

  it.each(HOSTILE)("shows %s as it is, in one cell of a table", (words) => {
    const { text: seen, tags } = shown(table(["a", "b"], [[text(words), code(words)]]));
    expect(seen).toBe(`a b ${words} ${words}`);
    expect(tags.filter((tag) => !/^\/?(table|thead|tbody|tr|th|td|code)$/.test(tag))).toEqual([]);
    expect(tags.filter((tag) => tag === "td")).toHaveLength(2);
  });

  it("is one line, and nothing in it is invisible", () => {
    expect(text("one\ntwo\r\n\u2028three\u0000 \u202efour")).toBe("one two three four");
  });

  it("shows names of programs as code", () => {
    expect(code("dead.*.{event}.>")).toBe("`dead.*.{event}.>`");
  });

  it("escapes what would end the address of a link, and what would end a comment", () => {
    expect(link("a", "x/y) b(.json")).toBe("[a](x/y%29%20b%28.json)");
    expect(comment("a --> <script>")).toBe("<!-- a -&#45;> <script> -->");
  });
});

it("says times as people do", () => {
  expect([86_400_000, 172_800_000, 5_400_000, 1_000, 1_500].map(duration)).toEqual([
    "1 day",
    "2 days",
    "90 minutes",
    "1 second",
    "1500 ms",
  ]);
});
