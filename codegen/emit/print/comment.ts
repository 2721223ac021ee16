/** Comments made of text that a contract's author wrote, or somebody who means harm. */
import { reordering } from "./literal.ts";

/** What a doc comment is made from. */
export interface Documented {
  readonly description?: string | undefined;
  readonly deprecated?: boolean | undefined;
}

/** Columns that the text of a comment may take; nested members are indented on top of it. */
const WIDTH = 104;

/** A doc comment with a line end behind it, or nothing where there is nothing to say. */
export function docComment({ description, deprecated }: Documented): string {
  const lines = wrap(description ?? "").map(escapeLine);
  if (deprecated) {
    if (lines.length > 0) lines.push("");
    lines.push("@deprecated");
  }
  const [first, ...rest] = lines;
  if (first === undefined) return "";
  if (rest.length === 0) return `/** ${first} */\n`;
  return `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join("\n")}\n */\n`;
}

/** Text that is safe behind `//`: one line, nothing invisible. */
export function lineComment(text: string): string {
  return `// ${text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, encodeURIComponent)
    .replace(reordering, "")}`;
}

function wrap(text: string): string[] {
  const trimmed = text.toWellFormed().trim();
  if (trimmed === "") return [];
  const lines = trimmed.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
  return lines.flatMap((line) =>
    wrapLine(
      line
        .replace(/\p{Cc}/gu, " ")
        .replace(reordering, "")
        .trimEnd(),
    ),
  );
}

function wrapLine(line: string): string[] {
  const margin = /^ */.exec(line)?.[0] ?? "";
  const wrapped: string[] = [];
  let current = "";
  for (const word of line.trim().split(/ +/)) {
    if (current !== "" && margin.length + current.length + 1 + word.length > WIDTH) {
      wrapped.push(margin + current);
      current = word;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  return [...wrapped, margin + current];
}

/** Nothing ends the comment, and nothing in the text poses as a tag. */
function escapeLine(line: string): string {
  return line.replaceAll("*/", "*\\/").replace(/(^\s*|\{)@/g, "$1\\@");
}
