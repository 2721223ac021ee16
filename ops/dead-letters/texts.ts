/** Letters, groups, outcomes and the audit as text for a terminal. */
import { ago } from "../evolve/words.ts";
import type { Outcome } from "./act.ts";
import type { Totals } from "./add-up.ts";
import { printable } from "./body.ts";
import type { Action } from "./letter.ts";
import type { ShownLetter } from "./show.ts";
import type { GroupView, LetterView } from "./view.ts";

const LONGEST_ERROR = 80;

/** A table of letters: a line each. */
export function lettersText(letters: readonly LetterView[], now: number): string {
  const header = ["ID", "STATE", "SERVICE", "EVENT", "CODE", "ATTEMPTS", "TIMES", "LAST", "ERROR"];
  const rows = letters.map((letter) => [
    ...[letter.id, letter.state, letter.service, `${letter.event}.v${letter.version}`, letter.code],
    ...[String(letter.attempts), String(letter.occurrences), ago(now - Date.parse(letter.lastAt)), cut(letter.error)],
  ]);
  return table(header, rows);
}

/** A table of groups: a line each. */
export function groupsText(groups: readonly GroupView[], now: number): string {
  const header = ["GROUP", "LETTERS", "TIMES", "SERVICE", "EVENT", "CODE", "FIRST", "LAST", "ERROR"];
  const rows = groups.map((group) => [
    ...[group.fingerprint, String(group.letters), String(group.occurrences), group.service, group.event, group.code],
    ...[ago(now - Date.parse(group.firstAt)), ago(now - Date.parse(group.lastAt)), cut(group.error)],
  ]);
  return table(header, rows);
}

/** How many letters there are, and that they add up. */
export function totalsText({ open, replayed, discarded, in: came, entries, addsUp }: Totals): string {
  const sum = `${came} letters (${entries} entries): ${open} open, ${replayed} replayed, ${discarded} discarded`;
  return addsUp ? sum : `${sum}. This does not add up: please report it.`;
}

/** Everything of a letter. */
export function shownText(letter: ShownLetter): string {
  const { source, headers, body, history, actions, outlook } = letter;
  const facts: [string, string][] = [
    ["error", `${letter.code}: ${letter.error}`],
    ["attempts", String(letter.attempts)],
    ["from", `${source.stream} ${source.sequence} (${source.subject}), given up by ${letter.durable}`],
    ["event id", letter.eventId ?? "none that could be read"],
    ["key", letter.key ?? "none that could be read"],
    ["group", letter.fingerprint],
    ["a replay", outlook?.words ?? "not known"],
  ];
  const lines = [
    `${letter.id} ${letter.state}: ${letter.service} could not take ${letter.event}.v${letter.version}`,
    ...facts.map(([name, value]) => `  ${name.padEnd(10)}${value}`),
    `  happened ${history.length === 1 ? "once" : `${history.length} times`}`,
    ...history.map(
      ({ sequence, at, code, error, attempts, replayId }) =>
        `    ${sequence}  ${at}  ${code} after ${attempts} attempts${replayId === undefined ? "" : `, replay ${replayId}`}: ${cut(error)}`,
    ),
    ...(actions.length === 0 ? [] : ["  actions", ...actions.map((action) => `    ${actionText(action)}`)]),
    "  headers",
    ...Object.entries(headers).map(([name, value]) => `    ${name}: ${value}`),
    `  body, ${body.bytes} bytes`,
    ...(body.text ?? `(${body.without ?? "empty"})`).split("\n").map((line) => `    ${line}`),
  ];
  return printable(lines.join("\n"));
}

/** What became of letters: those that did not go, each with its reason, and how many did. */
export function outcomesText(outcomes: readonly Outcome[], left: number): string {
  const done = ["replayed", "edited", "discarded"];
  const lines = outcomes.map(({ letter, words }) => `${letter}: ${words}`);
  const counts = [...Map.groupBy(outcomes, ({ outcome }) => outcome)].map(([name, of]) => `${of.length} ${name}`);
  const summary = counts.length === 0 ? "nothing to do" : counts.join(", ");
  const rest = left === 0 ? "" : `; ${left} left: run it again`;
  const quiet = outcomes.every(({ outcome }) => done.includes(outcome)) && outcomes.length > MANY;
  return printable([...(quiet ? [] : lines), `${summary}${rest}`].join("\n"));
}

/** The audit, newest first. */
export function auditText(actions: readonly Action[]): string {
  return actions.length === 0 ? "nothing was done yet" : printable(actions.map(actionText).join("\n"));
}

/** Lines of outcomes that somebody reads when all went well. */
const MANY = 50;

function actionText({ at, kind, by, why, stream, letter, consumer, eventId, bodySha256 }: Action): string {
  const what = `${stream} ${letter} of ${consumer}${eventId === undefined ? "" : ` (event ${eventId})`}`;
  return `${at}  ${by} ${kind} ${what}: ${why}${bodySha256 === undefined ? "" : ` [body ${bodySha256.slice(0, 12)}]`}`;
}

function cut(text: string): string {
  return text.length > LONGEST_ERROR ? `${text.slice(0, LONGEST_ERROR - 1)}…` : text;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, column) =>
    rows.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), name.length),
  );
  const lines = [header, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return printable(lines.join("\n"));
}
