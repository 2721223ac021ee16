/** Markdown made of text that a contract's author wrote, or somebody who means harm. */
import { reordering } from "../print/literal.ts";

/** Text that shows as it is, on one line: no markup, no HTML, no new cell of a table. */
export function text(words: string): string {
  return oneLine(words)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*[\]|~$!]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_");
}

/** Text as a paragraph: it begins no heading, list or rule either. */
export function paragraph(words: string): string {
  return text(words).replace(/^(\d*)([-+#=.)])/, "$1\\$2");
}

/** A name of programs: a subject, a pointer, a durable. */
export function code(name: string): string {
  const line = oneLine(name);
  return /^[\w.{}/:*>@+=,;?%-]+$/.test(line) ? `\`${line}\`` : text(line);
}

/** A link to a file, by its path from the one that it stands in. */
export function link(shown: string, path: string): string {
  const address = path.split("/").map(encodeURIComponent).join("/");
  return `[${shown}](${address.replace(/[()']/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)})`;
}

/** A table of cells that are Markdown already; nothing where there is no row. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** A comment that no text can end. */
export function comment(words: string): string {
  return `<!-- ${oneLine(words).replaceAll("--", "-&#45;")} -->`;
}

/** `30 days` of milliseconds. */
export function duration(ms: number): string {
  for (const [unit, length] of UNITS) {
    if (ms >= length && ms % length === 0) return `${ms / length} ${unit}${ms === length ? "" : "s"}`;
  }
  return `${ms} ms`;
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

function oneLine(words: string): string {
  return words
    .toWellFormed()
    .replace(/[\p{Cc}\p{Z}]+/gu, " ")
    .replace(reordering, "")
    .trim();
}
