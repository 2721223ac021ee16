/** Puts the fields of an object in the places that a schema has for them. */
import { closest } from "../../suggest.ts";
import { isEmptied, pointerOf } from "./payload.ts";
import type { Member, Settled } from "./plan.ts";
import type { ObjectView, PropertyView } from "./schema-view.ts";
import type { Settling, Slot } from "./settling.ts";
import type { Built, Field, Term } from "./terms.ts";

/**
 * The members of an object, in the order of its schema.
 * @param settle Puts the value of one field in its place.
 */
export function settleMembers(
  { fields }: Built,
  view: ObjectView,
  slot: Slot,
  settling: Settling,
  settle: (term: Term, slot: Slot, settling: Settling) => Settled,
): readonly Member[] {
  const stray = [...fields].filter(([name, { term }]) => !view.properties.has(name) && !isEmptied(term));
  const missing = [...view.properties].filter(([name]) => !fields.has(name) && !isStamped(name, slot));
  const misspelt = new Set(
    stray.flatMap(
      ([name]) =>
        closest(
          name,
          missing.map(([other]) => other),
        ) ?? [],
    ),
  );
  for (const [name, field] of stray)
    reportStray(
      name,
      field,
      missing.map(([other]) => other),
      slot,
      settling,
    );
  for (const [name, property] of missing) if (!misspelt.has(name)) reportMissing(name, property, slot, settling);
  return [...view.properties].flatMap(([name, { schema, required }]) => {
    const field = fields.get(name);
    if (field === undefined) return [];
    const inner: Slot = {
      schema,
      required,
      path: [...slot.path, name],
      by: field.by ?? slot.by,
      scope: slot.scope,
      present: slot.present,
    };
    return [{ name, ...settle(field.term, inner, settling) }];
  });
}

/** Whether the runtime writes the property, and not the mapping. */
function isStamped(name: string, { path }: Slot): boolean {
  return path.length === 0 && (name === "version" || name === "meta");
}

function reportStray(
  name: string,
  { term, by }: Field,
  missing: readonly string[],
  slot: Slot,
  settling: Settling,
): void {
  const { report, source, target, at, mayLose } = settling;
  const path = pointerOf([...slot.path, name]);
  const near = closest(name, missing);
  if (by !== undefined) {
    const hint =
      near === undefined
        ? "Name a place that its schema declares."
        : `Did you mean ${pointerOf([...slot.path, near])}?`;
    report({ code: "EVOLVES_PATH", place: by, message: `${target} has no ${path}`, hint });
    return;
  }
  const origin = term.kind === "given" ? pointerOf(term.path) : path;
  if (mayLose.has(origin)) return;
  const hint =
    near === undefined
      ? "Say it with a step: rename, remove, nest, ..."
      : `If it is now called ${near}: rename: { from: ${path}, to: ${pointerOf([...slot.path, near])} }.`;
  report({
    code: "EVOLVES_UNCOVERED",
    place: at,
    message: `no step says what becomes of ${origin} of ${source}, and ${target} has no ${path}`,
    hint,
  });
}

function reportMissing(name: string, { required }: PropertyView, slot: Slot, settling: Settling): void {
  const { report, source, target, at, mayLack, dropped } = settling;
  const path = pointerOf([...slot.path, name]);
  if (!required && (mayLack.has(path) || dropped.has(path))) return;
  const droppedBy = dropped.get(path);
  if (droppedBy !== undefined) {
    const hint = "Say with restore what a downcast event has there.";
    report({
      code: "EVOLVES_REQUIRED",
      place: droppedBy,
      message: `${target} requires ${path}, which a step removes and does not restore`,
      hint,
    });
    return;
  }
  const message = `no step says where ${path} of ${target} comes from, and ${source} has no ${path}`;
  const hint = required
    ? "Say it with a step: add, rename, nest, ..."
    : `Add it with a step, or declare under lossy that ${path} does not survive.`;
  report({ code: "EVOLVES_UNCOVERED", place: at, message, hint });
}
