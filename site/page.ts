/** The frame of every page. */
import { posix } from "node:path";
import type { Contents, Entry } from "./contents.ts";

/** Nothing is fetched, and no script runs that is not a file of the site, whatever a text smuggles in. */
function policyOf({ kind }: Entry): string {
  // The component of AsyncAPI brings a validator that compiles its schemas when it is loaded.
  const scripts = kind === "asyncapi" ? "'self' file: 'unsafe-eval'" : "'self' file:";
  return `default-src 'none'; script-src ${scripts}; style-src 'self' file: 'unsafe-inline'; img-src 'self' file: data:; font-src 'self' file: data:`;
}

/** A page as HTML. */
export function page({
  entry,
  contents,
  html,
  scripts,
  styles,
}: {
  readonly entry: Entry;
  readonly contents: Contents;
  readonly html: string;
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
}): string {
  const to = (path: string): string => escapeHtml(relativePath(entry.path, path));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(entry)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(entry.title)}</title>
${[...styles, "site.css"].map((name) => `<link rel="stylesheet" href="${to(`assets/${name}`)}">`).join("\n")}
</head>
<body>
<input type="checkbox" id="menu" class="menu" aria-label="Show the list of pages">
<label for="menu">${escapeHtml(entry.title)}</label>
<nav aria-label="Pages">
${navigation(entry, contents)}
</nav>
<main class="${entry.kind}">
${html}
</main>
${[...scripts, "navigation.js"].map((name) => `<script src="${to(`assets/${name}`)}"></script>`).join("\n")}
</body>
</html>
`;
}

function navigation(current: Entry, { entries }: Contents): string {
  return [...Map.groupBy(entries, ({ group }) => group)]
    .map(([group, members]) => {
      const items = members.map((entry) => {
        const here = entry === current ? ' aria-current="page"' : "";
        const href = escapeHtml(relativePath(current.path, entry.path));
        return `<li><a href="${href}"${here}>${escapeHtml(entry.title)}</a></li>`;
      });
      return `<h2>${escapeHtml(group)}</h2>\n<ul>\n${items.join("\n")}\n</ul>`;
    })
    .join("\n");
}

function relativePath(from: string, to: string): string {
  return posix.relative(posix.dirname(from), to).split("/").map(encodeURIComponent).join("/");
}

/** Text that is text in HTML, also inside a quoted attribute. */
export function escapeHtml(text: string): string {
  const named: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (mark) => named[mark] ?? mark);
}
