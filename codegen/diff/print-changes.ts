/** Changes as text for people, JSON for programs, annotations for GitHub, and Markdown for a pull request. */
import type { Location } from "../spec/source.ts";
import { annotation, block, type Shown, visible } from "../print.ts";
import { type Change, passes } from "./change.ts";
import { verdictOn } from "./changes.ts";
import { markdown } from "./print-markdown.ts";
import { type Compared, counted, sentences, titleOf, wordFor } from "./words.ts";

export const FORMATS = ["text", "json", "github", "markdown"] as const;
export type Format = (typeof FORMATS)[number];

/** Prints a comparison, without a final newline. */
export function printChanges(compared: Compared, format: Format): string {
  switch (format) {
    case "text":
      return text(compared);
    case "json":
      return json(compared);
    case "github":
      return compared.changes.map((change) => annotation(annotated(change, compared))).join("\n");
    case "markdown":
      return markdown(compared);
  }
}

function text(compared: Compared): string {
  const { changes, file, base } = compared;
  const blocks = changes.map((change) => {
    // What passes takes a line, what does not is shown.
    if (passes(change)) return line(change);
    const { hint, ...rest } = shown(change, titleOf(change));
    const findings = change.findings.flatMap((finding) =>
      sentences(change, finding, base).map((words) => `  ${visible(words)}`),
    );
    return [
      block({ ...rest, hint: "" }, compared.texts.get(change.file) ?? ""),
      ...findings,
      ...(hint === "" ? [] : [`  hint: ${visible(hint)}`]),
    ].join("\n");
  });
  return [...blocks, `${file} against ${base}: ${counted(changes)}`].join("\n");
}

function line(change: Change & Location): string {
  const why =
    change.acknowledged === undefined
      ? unasked(change)
      : ` (${change.acknowledged.date}: ${change.acknowledged.reason})`;
  const words = `${wordFor(change)} ${change.kind} ${titleOf(change)}${why}`;
  return visible(`${change.file}:${change.line}:${change.col} ${words}`);
}

/** A level below what a change would need is said, so that nobody takes the one for the other. */
function unasked({ findings }: Change): string {
  const hurt = findings.filter(({ demanded, verdict }) => !demanded && verdict !== "compatible");
  return hurt.length === 0
    ? ""
    : ` (not ${hurt.map(({ direction }) => direction).join(" and ")}, which is not asked for)`;
}

function json({ file, base, changes }: Compared): string {
  const list = changes.map(({ at: pointer, endLine: _line, endCol: _col, ...change }) => ({ ...change, pointer }));
  return JSON.stringify({ file, base, verdict: verdictOn(changes), changes: list }, null, 2);
}

function explained(change: Change, { base }: Compared): string {
  const findings = passes(change) ? [] : change.findings.flatMap((finding) => sentences(change, finding, base));
  return [titleOf(change), ...findings].join("\n");
}

function annotated(change: Change & Location, compared: Compared): Shown {
  return { ...shown(change, explained(change, compared)), severity: passes(change) ? "notice" : "error" };
}

function shown(change: Change & Location, message: string): Shown {
  const { file, line: at, col, endLine, endCol, kind, hint } = change;
  return { file, line: at, col, endLine, endCol, code: kind, severity: wordFor(change), message, hint };
}
