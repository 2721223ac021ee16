/** Single values on their way into a schema: chosen from a table, or converted. */
import type { JsonSchema } from "../../model/model.ts";
import type { Renaming } from "../../spec/evolution.ts";
import { under } from "../../spec/pointer.ts";
import { meant } from "../../suggest.ts";
import { pointerOf } from "./payload.ts";
import { viewLiterals, withoutNull } from "./schema-view.ts";
import type { Settling, Slot } from "./settling.ts";
import type { Chosen, Converted, Term } from "./terms.ts";

/** Checks that every value has a counterpart. Where others are unrepresentable, says so. */
export function settleChosen(term: Chosen, slot: Slot, settling: Settling): void {
  const { judge, report, definitions, target } = settling;
  const literals = literalsOfTerm(term.of, settling);
  for (const [name, value] of term.table) {
    const place = { at: under(term.tableAt, name), side: "name" } as const;
    if (literals !== undefined && !literals.some((literal) => String(literal) === name)) {
      const message = `${JSON.stringify(name)} is no value of ${pointerOf(slot.path)} in ${settling.source}`;
      report({ code: "EVOLVES_VALUES", place, message, hint: meant(name, literals.map(String)) });
    }
    if (judge.accepts(slot.schema, value)) continue;
    const allowed = viewLiterals(slot.schema, definitions);
    const message = `${JSON.stringify(value)} is refused by the schema of ${pointerOf(slot.path)} in ${target}`;
    report({
      code: "EVOLVES_VALUE",
      place: under(term.tableAt, name),
      message,
      hint: allowed === undefined ? "" : meant(String(value), allowed.map(String)),
    });
  }
  const named = new Set(term.table.map(([name]) => name));
  const others = literals?.filter((literal) => !named.has(String(literal)));
  const strangers =
    others?.filter((literal) => !judge.accepts(slot.schema, literal)) ?? foreignText(term, slot, named, settling);
  if (strangers.length === 0) return;
  const isListed = literals !== undefined || viewLiterals(slot.schema, definitions) !== undefined;
  if (term.refusesOthers && isListed) {
    const known =
      others?.filter((literal) => judge.accepts(slot.schema, literal)) ?? viewLiterals(slot.schema, definitions) ?? [];
    const values = [...new Set([...namedLiterals(term.table, literals).map(([literal]) => literal), ...known])];
    if (values.length > 0) {
      slot.scope.statements.push({ kind: "other value", of: term, values, at: term.at });
      return;
    }
  }
  const table = term.tableAt.endsWith("/up") ? "up" : "down";
  const example = strangers.slice(0, 3).map((stranger) => `${String(stranger)}: ...`);
  report({
    code: "EVOLVES_VALUES",
    place: slot.by ?? term.at,
    message: `${pointerOf(slot.path)} of ${settling.source} may be ${strangers.map((stranger) => JSON.stringify(stranger)).join(", ")}, which ${target} does not know`,
    hint: isListed
      ? `Say what becomes of it: ${table}: { ${example.join(", ")} }, or otherValues: unrepresentable.`
      : "Neither version lists its values: use a custom step, whose function may answer UNREPRESENTABLE.",
  });
}

/** A value that is not listed, not in the table, and refused on the other side. */
function foreignText(
  term: Chosen,
  slot: Slot,
  named: ReadonlySet<string>,
  { judge, definitions }: Settling,
): readonly unknown[] {
  if (term.of.kind !== "given") return [];
  const witness = judge.witness(withoutNull(term.of.schema, definitions), slot.schema);
  return witness === undefined || named.has(String(witness.value)) ? [] : [witness.value];
}

/** The table's names as the values that they stand for. */
export function namedLiterals(
  table: readonly Renaming[],
  literals: readonly unknown[] | undefined,
): (readonly [literal: unknown, value: unknown])[] {
  return table.map(([name, value]) => [literals?.find((literal) => String(literal) === name) ?? name, value]);
}

/** The values that a term may have, when they are listed. */
export function literalsOfTerm(
  term: Term,
  { definitions }: Pick<Settling, "definitions">,
): readonly unknown[] | undefined {
  return term.kind === "given" ? viewLiterals(term.schema, definitions) : undefined;
}

/** Texts that are whole numbers, and texts that are numbers, written as JavaScript writes them. */
const WHOLE = "^(0|-?[1-9][0-9]{0,14})$";
const DECIMAL = "^(0|-?[1-9][0-9]{0,8}|-?(0|[1-9][0-9]{0,8})\\.[0-9]{0,5}[1-9])$";

/** Says where values are unrepresentable because converting them would not be exact. */
export function settleConverted(term: Converted, slot: Slot, { judge, definitions }: Settling): void {
  if (term.to === "string") return;
  const source: JsonSchema = term.of.kind === "given" ? withoutNull(term.of.schema, definitions) : { type: term.from };
  const exact: JsonSchema =
    term.from === "string" ? { type: "string", pattern: term.to === "integer" ? WHOLE : DECIMAL } : { type: "integer" };
  if (!judge.includes(source, exact)) slot.scope.statements.push({ kind: "inexact", of: term, at: term.at });
}
