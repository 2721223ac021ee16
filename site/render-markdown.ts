/** Markdown as HTML. No HTML of the text goes through, and nothing is loaded. */
import { default as MarkdownIt } from "markdown-it";
import { posix } from "node:path";
import type { Contents, Entry } from "./contents.ts";
import { escapeHtml } from "./page.ts";

/** @param entry The page that the text becomes: links in it lead from its source. */
export function renderMarkdown(
  markdown: string,
  entry: Entry,
  contents: Contents,
): { readonly html: string; readonly hasDiagram: boolean } {
  // An image would be loaded from wherever the text says.
  const renderer = new MarkdownIt({ html: false }).disable("image");
  const tokens = renderer.parse(withoutComment(markdown), {});
  const slugs = new Map<string, number>();
  let hasDiagram = false;
  const { fence } = renderer.renderer.rules;
  renderer.renderer.rules.fence = (all, index, ...rest) => {
    const token = all[index];
    if (token?.info.trim() !== "mermaid") return fence?.(all, index, ...rest) ?? "";
    hasDiagram = true;
    return `<pre class="mermaid">${escapeHtml(token.content)}</pre>\n`;
  };
  tokens.forEach((token, index) => {
    if (token.type === "heading_open") token.attrSet("id", slugOf(tokens[index + 1]?.content ?? "", slugs));
    const open: boolean[] = [];
    for (const inner of token.children ?? []) {
      if (inner.type === "link_open") {
        const target = targetOf(String(inner.attrGet("href") ?? ""), entry, contents);
        // What the site does not hold is named, and leads nowhere.
        if (target === undefined) inner.tag = "span";
        inner.attrs = target === undefined ? [] : [["href", target]];
        open.push(target !== undefined);
      }
      if (inner.type === "link_close" && open.pop() === false) inner.tag = "span";
    }
  });
  return { html: renderer.renderer.render(tokens, renderer.options, {}), hasDiagram };
}

/** Where a link leads to from the page; undefined where the site has no such thing. */
function targetOf(href: string, { source, path }: Entry, contents: Contents): string | undefined {
  if (/^https?:/i.test(href) || href.startsWith("#")) return href;
  const [file = "", fragment] = href.split("#");
  const wanted = posix.join(posix.dirname(source), decodeURIComponent(file));
  const found = contents.pageOf(wanted)?.path ?? dataAt(wanted);
  if (found === undefined) return undefined;
  const relative = posix.relative(posix.dirname(path), found).split("/").map(encodeURIComponent).join("/");
  return fragment === undefined ? relative : `${relative}#${fragment}`;
}

/** Generated files that the site holds as they are. */
function dataAt(wanted: string): string | undefined {
  return /^generated\/(?:schemas\/json|openapi)\//.test(wanted) ? wanted.slice("generated/".length) : undefined;
}

/** The id of a heading as forges make it. */
function slugOf(heading: string, taken: Map<string, number>): string {
  const slug = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
  const count = taken.get(slug) ?? 0;
  taken.set(slug, count + 1);
  return count === 0 ? slug : `${slug}-${count}`;
}

/** What says who wrote the file is not for its readers. */
function withoutComment(markdown: string): string {
  return markdown.replace(/^<!--.*-->\n/, "");
}
