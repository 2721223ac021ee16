/** What needs no schemas: the list, and the audit. */
import type { Surroundings } from "../command.ts";
import type { Arguments } from "./arguments.ts";
import { list } from "./list.ts";
import type { Letters } from "./read-letters.ts";
import { isChosen, select } from "./select.ts";
import { auditText, groupsText, lettersText, totalsText } from "./texts.ts";

/** Letters that are listed one by one. */
const FEW = 20;

/** Prints a list, as groups when it is long. */
export function tellList(
  letters: Letters,
  { selection, reveal, json, shape }: Pick<Arguments, "selection" | "reveal" | "json" | "shape">,
  { print }: Pick<Surroundings, "print">,
): number {
  const found = list(letters, selection, reveal);
  const isLong = found.letters.length > FEW && selection.group === undefined;
  const asGroups = shape === undefined ? isLong : shape === "groups";
  const table = asGroups ? groupsText(found.groups, Date.now()) : lettersText(found.letters, Date.now());
  const lines = [...(found.letters.length === 0 ? [] : [table, ""]), totalsText(found.totals)];
  print(json ? JSON.stringify(found, null, 2) : lines.join("\n"));
  return found.totals.addsUp ? 0 : 1;
}

/** Prints who did what, newest first: all of it, or what was done with the letters that are chosen. */
export function tellAudit(
  { letters, trail }: Letters,
  { selection, json }: Pick<Arguments, "selection" | "json">,
  { print }: Pick<Surroundings, "print">,
): number {
  const actions = isChosen(selection)
    ? select(letters, selection).flatMap((letter) => letter.actions)
    : [...trail.actions];
  actions.sort((a, b) => (a.at < b.at ? 1 : -1));
  print(json ? JSON.stringify({ actions }, null, 2) : auditText(actions));
  return 0;
}
