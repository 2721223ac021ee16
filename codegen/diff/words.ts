/** How changes are told, in every format. */
import type { Location } from "../spec/source.ts";
import { type Change, type Direction, type Finding, passes, type Verdict } from "./change.ts";

/** A comparison, ready to be shown. */
export interface Compared {
  /** The current contract as the caller named it, and the texts of its files. */
  readonly file: string;
  readonly texts: ReadonlyMap<string, string>;
  /** What the base is called. */
  readonly base: string;
  readonly changes: readonly (Change & Location)[];
}

/** `2 breaking, 1 compatible`. */
export function counted(changes: readonly Change[]): string {
  if (changes.length === 0) return "no changes";
  const count = (word: string, of: (change: Change) => boolean): string[] => {
    const number = changes.filter(of).length;
    return number === 0 ? [] : [`${number} ${word}`];
  };
  const isUndecided = (change: Change): boolean => change.verdict === "undecided";
  return [
    ...count("breaking", ({ verdict }) => verdict === "breaking"),
    ...count("undecided", (change) => isUndecided(change) && !passes(change)),
    ...count("acknowledged", (change) => isUndecided(change) && passes(change)),
    ...count("compatible", ({ verdict }) => verdict === "compatible"),
  ].join(", ");
}

/** What one direction of a change means, in a sentence and what shows it. */
export function sentences(change: Change, finding: Finding, base: string): string[] {
  const old = change.since ?? base;
  const asked = finding.demanded ? "" : " (not asked for)";
  const head = `${finding.direction}${asked}: `;
  if (finding.verdict === "compatible") return [`${head}compatible`];
  if (finding.verdict === "undecided") return [`${head}undecided: ${finding.reason}`];
  return [
    `${head}${sides(change, finding.direction, old)}`,
    `  ${JSON.stringify(finding.witness)}`,
    ...finding.faults.map(({ path, message }) => `  ${path === "" ? "it" : path} ${message}`),
  ];
}

/** A change in one line: `orders.created v1 /total: changes maximum from 9 to 8`. */
export function titleOf({ subject, path, what, since }: Change): string {
  return `${subject}${path === "" ? "" : ` ${path}`}: ${what}${since === undefined ? "" : `, against ${since}`}`;
}

/** What the word is that a change is announced with. */
export function wordFor(change: Change): Verdict | "acknowledged" {
  return change.acknowledged === undefined ? change.verdict : "acknowledged";
}

function sides({ subject }: Change, direction: Direction, old: string): string {
  const isCall = /^[A-Z]+ \//.test(subject);
  if (direction === "backward") {
    return isCall
      ? `a client of ${old} may send this, and it is refused now`
      : `a publisher of ${old} may have written this, and a reader of now refuses it`;
  }
  return isCall
    ? `this may be answered now, and a client of ${old} refuses it`
    : `a publisher of now may write this, and a reader of ${old} refuses it`;
}
