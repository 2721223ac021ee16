/** Edits of what a schema says of the value itself. */
import { isList } from "../spec/json.ts";
import { under } from "../spec/pointer.ts";
import type { Edit, Pair } from "./edit.ts";
import { isSame } from "./same.ts";

/** Longer values are cut in sentences. */
const SHOWN = 80;

/** Values that an `enum` gained, and values that it lost. */
export function enumEdits(pair: Pair, before: readonly unknown[], after: readonly unknown[]): Edit[] {
  const added = after.filter((value) => !before.some((old) => isSame(old, value)));
  const removed = before.filter((value) => !after.some((kept) => isSame(kept, value)));
  return listEdits(pair, "enum", { added, removed, before, after }, (words, gained) => ({
    kind: gained ? "values-added" : "values-removed",
    what: `${gained ? "allows" : "no longer allows"} ${words}`,
  }));
}

/** Types that a value may have, and may have no longer. */
export function typeEdits(pair: Pair, before: unknown, after: unknown): Edit[] {
  const [was, is] = [typesOf(before), typesOf(after)];
  if (was === undefined || is === undefined) {
    return isSame(before, after) ? [] : [keywordEdit(pair, "type", before, after)];
  }
  if (is.includes("number") && !was.includes("number") && was.includes("integer")) {
    return [typeEdit(pair, before, after, "type-widened", "allows numbers where only integers were")];
  }
  if (was.includes("number") && !is.includes("number") && is.includes("integer")) {
    return [typeEdit(pair, before, after, "type-narrowed", "allows only integers where numbers were")];
  }
  const added = is.filter((type) => !was.includes(type));
  const removed = was.filter((type) => !is.includes(type));
  if (added.length > 0 && removed.length > 0) {
    return [typeEdit(pair, before, after, "keyword-changed", `is ${is.join(" or ")} where it was ${was.join(" or ")}`)];
  }
  if (added.length > 0) return [typeEdit(pair, before, after, "type-widened", `may be ${added.join(" or ")} too`)];
  if (removed.length === 0) return [];
  return [typeEdit(pair, before, after, "type-narrowed", `may no longer be ${removed.join(" or ")}`)];
}

/** A keyword that came, went, or says something else. */
export function keywordEdit(pair: Pair, keyword: string, before: unknown, after: unknown): Edit {
  const words = (value: unknown): string => shown(value);
  const [kind, what] =
    before === undefined
      ? (["keyword-added", `adds ${keyword}: ${words(after)}`] as const)
      : after === undefined
        ? (["keyword-removed", `removes ${keyword}: ${words(before)}`] as const)
        : (["keyword-changed", `changes ${keyword} from ${words(before)} to ${words(after)}`] as const);
  return edit(pair, keyword, { kind, what, before, after, applied: after, reverted: before });
}

function typeEdit(pair: Pair, before: unknown, after: unknown, kind: Edit["kind"], what: string): Edit {
  return edit(pair, "type", { kind, what, before, after, applied: after, reverted: before });
}

interface Lists {
  readonly added: readonly unknown[];
  readonly removed: readonly unknown[];
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
}

/** Gains and losses are two edits, since one side is hurt by the one and the other by the other. */
function listEdits(
  pair: Pair,
  keyword: string,
  { added, removed, before, after }: Lists,
  say: (words: string, gained: boolean) => Pick<Edit, "kind" | "what">,
): Edit[] {
  const words = (values: readonly unknown[]): string => values.map(shown).join(", ");
  const kept = before.filter((value) => !removed.includes(value));
  return [
    ...(added.length === 0
      ? []
      : [
          edit(pair, keyword, {
            ...say(words(added), true),
            before,
            after,
            applied: [...before, ...added],
            reverted: kept,
          }),
        ]),
    ...(removed.length === 0
      ? []
      : [
          edit(pair, keyword, {
            ...say(words(removed), false),
            before,
            after,
            applied: kept,
            reverted: [...after, ...removed],
          }),
        ]),
  ];
}

type Said = Pick<Edit, "kind" | "what" | "before" | "after"> & {
  readonly applied: unknown;
  readonly reverted: unknown;
};

function edit(pair: Pair, keyword: string, { applied, reverted, ...said }: Said): Edit {
  const at = under(pair.inCurrent, keyword);
  return {
    ...said,
    path: pair.path,
    at,
    parts: [{ inBase: under(pair.inBase, keyword), applied, inCurrent: at, reverted }],
  };
}

function typesOf(value: unknown): readonly string[] | undefined {
  const list = isList(value) ? value : [value];
  const types = list.filter((type) => typeof type === "string");
  return types.length === list.length ? types : undefined;
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text;
}
