/** Puts what operations made of a payload into the schema of the other version, and reports what does not fit. */
import { referenceOf } from "../../emit/json-schema.ts";
import type { JsonType } from "../../emit/types/json-types.ts";
import type { JsonSchema } from "../../model/model.ts";
import type { Place } from "../../spec/report.ts";
import { withArticle } from "./apply.ts";
import { settleChosen, settleConverted } from "./settle-values.ts";
import { elementOf, expand, pointerOf, variablesAround } from "./payload.ts";
import type { Plan, Settled } from "./plan.ts";
import { isPerhapsAbsent, isPerhapsNull } from "./presence.ts";
import {
  admitsNull,
  assertionsOf,
  typesOf,
  viewElement,
  viewLiterals,
  viewObject,
  withoutNull,
} from "./schema-view.ts";
import { settleMembers } from "./settle-members.ts";
import type { Settling, Slot } from "./settling.ts";
import { keysWith, type Built, type Given, type Scope, type Term } from "./terms.ts";

/** Puts a term in its place, with what is done where it is absent or null. */
export function settle(term: Term, slot: Slot, settling: Settling): Settled {
  const plan = planOf(term, slot, settling);
  return { plan, term, absent: absentOf(term, slot, settling), nulls: nullsOf(term, slot, settling) };
}

function absentOf(term: Term, slot: Slot, settling: Settling): Settled["absent"] {
  const { definitions } = settling;
  const known = { definitions, present: slot.present };
  if (!isPerhapsAbsent(term, known)) return "never";
  if (term.kind === "cut" && term.side === "behind" && !isPerhapsAbsent(term.of, known)) {
    const always = settling.judge.includes(schemaOfText(term.of), { type: "string", pattern: escaped(term.by) });
    if (always) return "never";
  }
  if (!slot.required) return "omit";
  if (admitsNull(slot.schema, definitions)) return "null";
  if (term.kind === "wrapped") return "empty";
  if (term.kind === "built" && term.origin === undefined) return "never";
  const { statements } = slot.scope;
  if (term.kind === "cut" && !isPerhapsAbsent(term.of, known))
    statements.push({ kind: "no separator", of: term, at: term.at });
  else if (term.kind === "given" && term.pick !== undefined)
    statements.push({ kind: "no element", of: term, at: placeOf(slot, settling) });
  else reportRequired(slot, "may be absent", settling);
  return "never";
}

function nullsOf(term: Term, slot: Slot, settling: Settling): Settled["nulls"] {
  const { definitions } = settling;
  const inner = term.kind === "wrapped" ? term.of : term;
  if (!isPerhapsNull(inner, { definitions, present: slot.present })) return "never";
  if (term.kind === "wrapped") {
    const element = viewElement(slot.schema, definitions);
    if (element !== undefined && admitsNull(element, definitions)) return "keep";
    return slot.required ? "empty" : "omit";
  }
  if (admitsNull(slot.schema, definitions)) return "keep";
  if (slot.required) reportRequired(slot, "may be null", settling);
  return "omit";
}

function reportRequired(slot: Slot, why: string, { report, source, target, at }: Settling): void {
  report({
    code: "EVOLVES_REQUIRED",
    place: slot.by ?? at,
    message: `${target} requires ${pointerOf(slot.path)}, which ${why} in ${source}`,
    hint: "Make it nullable where it is required: null says that nothing true can be said.",
  });
}

function planOf(term: Term, slot: Slot, settling: Settling): Plan {
  switch (term.kind) {
    case "given":
      return planGiven(term, slot, settling);
    case "built":
      return planBuilt(term, slot, settling);
    case "constant":
      if (!settling.judge.accepts(slot.schema, term.value)) {
        const message = `${JSON.stringify(term.value)} is refused by the schema of ${pointerOf(slot.path)} in ${settling.target}`;
        settling.report({
          code: "EVOLVES_VALUE",
          place: term.at,
          message,
          hint: "Choose a value that it takes; null where nothing true can be said.",
        });
      }
      return { kind: "value", term };
    case "chosen":
      settleChosen(term, slot, settling);
      return { kind: "value", term };
    case "converted":
      settleConverted(term, slot, settling);
      return expecting(term.to === "string" ? "string" : "number", term, slot, settling);
    case "cut":
    case "joined":
      return expecting("string", term, slot, settling);
    case "scaled":
      return expecting("number", term, slot, settling);
    case "listed": {
      const schema = viewElement(slot.schema, settling.definitions);
      if (schema === undefined) return refusedType("a list", term, slot, settling);
      const element = settle(
        term.element,
        { ...slot, schema, required: true, path: [...slot.path, "*"], scope: term.scope },
        settling,
      );
      if (isSame(element, term.variable) && term.scope.statements.length === 0) return { kind: "value", term: term.of };
      return { kind: "list", of: term.of, variable: term.variable, element, scope: term.scope, path: slot.path };
    }
    case "wrapped": {
      const schema = viewElement(slot.schema, settling.definitions);
      if (schema === undefined) return refusedType("a list", term, slot, settling);
      return {
        kind: "wrapped",
        of: term.of,
        element: planOf(term.of, { ...slot, schema, path: [...slot.path, "*"] }, settling),
      };
    }
    case "returned":
      term.call.results.set(term.name, { path: slot.path, required: slot.required });
      return { kind: "value", term };
  }
}

function planBuilt(term: Built, slot: Slot, settling: Settling): Plan {
  const view = viewObject(slot.schema, settling.definitions);
  if (view === undefined) return refusedType("an object", term, slot, settling);
  const present = new Set([...slot.present, ...(term.origin === undefined ? [] : keysWith(term.origin))]);
  const members = settleMembers(term, view, { ...slot, present }, settling, settle);
  const origin = term.origin?.kind === "given" ? viewObject(term.origin.schema, settling.definitions) : undefined;
  const isWhole =
    origin !== undefined &&
    [...origin.properties.keys()].every((name) => members.some((member) => member.name === name));
  const isUntouched =
    isWhole &&
    members.every(
      (member) =>
        member.term.kind === "given" &&
        member.term.inside === term.origin &&
        member.term.name === member.name &&
        isSame(member, member.term),
    );
  if (isUntouched && term.origin !== undefined) return { kind: "value", term: term.origin };
  return { kind: "object", origin: term.origin, members };
}

/** Whether a value is handed on as it is, whether it is there or not. */
function isSame({ plan, absent, nulls }: Settled, given: Given): boolean {
  const isKept = (absent === "never" || absent === "omit") && (nulls === "never" || nulls === "keep");
  return isKept && plan.kind === "value" && plan.term === given;
}

/** A value that no step changes: handed on whole where the schemas mean the same, else member by member. */
function planGiven(given: Given, slot: Slot, settling: Settling): Plan {
  const { definitions, judge } = settling;
  const carried: Plan = { kind: "value", term: given };
  const source = admitsNull(slot.schema, definitions) ? given.schema : withoutNull(given.schema, definitions);
  if (meansTheSame(source, slot.schema)) return carried;
  const from = viewObject(given.schema, definitions);
  const to = viewObject(slot.schema, definitions);
  // What is one of a few values, or lies too deep, is compared as a whole.
  const isComparedWhole = viewLiterals(slot.schema, definitions) !== undefined || slot.path.length > 24;
  if (from !== undefined && to !== undefined && !from.isDictionary && !to.isDictionary && !isComparedWhole) {
    const built = expand(given, definitions);
    if (typeof built !== "string") {
      const plan = planBuilt(built, slot, settling);
      return plan.kind === "value" ? carried : plan;
    }
  }
  const element = viewElement(given.schema, definitions);
  const wanted = viewElement(slot.schema, definitions);
  if (element !== undefined && wanted !== undefined && !isComparedWhole) {
    const variable = elementOf(given, element, variablesAround(given));
    const scope: Scope = { statements: [] };
    const settled = settle(
      variable,
      { ...slot, schema: wanted, required: true, path: [...slot.path, "*"], scope },
      settling,
    );
    if (isSame(settled, variable)) return carried;
    return { kind: "list", of: given, variable, element: settled, scope, path: slot.path };
  }
  const witness = judge.witness(source, slot.schema);
  if (witness !== undefined) reportIncompatible(given, witness.value, slot, settling);
  return carried;
}

function meansTheSame(source: JsonSchema, target: JsonSchema): boolean {
  const [a, b] = [referenceOf(source), referenceOf(target)];
  if (a !== undefined || b !== undefined) return a === b;
  return JSON.stringify(assertionsOf(source)) === JSON.stringify(assertionsOf(target));
}

function reportIncompatible(given: Given, value: unknown, slot: Slot, { report, source, target, at }: Settling): void {
  const lists = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  const name = pointerOf(slot.path);
  report({
    code: "EVOLVES_INCOMPATIBLE",
    place: slot.by ?? at,
    message: `${pointerOf(given.path)} of ${source} may be ${shown(value)}, which ${target} refuses as its ${name}`,
    hint: lists
      ? "Say with a step what becomes of it: values, convert, or custom, whose function may answer UNREPRESENTABLE."
      : "Say with steps what becomes of it.",
  });
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "absent";
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** For what a step works out, which is any value of its type: no schema that lists its values takes that. */
function expecting(type: JsonType, term: Term, slot: Slot, settling: Settling): Plan {
  const { definitions, report, target } = settling;
  if (!typesOf(slot.schema, definitions).has(type)) return refusedType(`a ${type}`, term, slot, settling);
  const listed = viewLiterals(slot.schema, definitions);
  if (listed !== undefined) {
    report({
      code: "EVOLVES_VALUE",
      place: slot.by ?? ("at" in term ? term.at : settling.at),
      message: `the steps make any ${type} of ${pointerOf(slot.path)}, and ${target} takes only ${listed.map(shown).join(", ")} there`,
      hint: "Say with values which of them it becomes, or with custom, whose function may answer UNREPRESENTABLE.",
    });
  }
  return { kind: "value", term };
}

function refusedType(made: string, term: Term, slot: Slot, settling: Settling): Plan {
  settling.report({
    code: "EVOLVES_TYPE",
    place: placeOf(slot, settling),
    message: `the steps make ${made} of ${pointerOf(slot.path)}, and ${settling.target} wants ${[...typesOf(slot.schema, settling.definitions)].map(withArticle).join(" or ")} there`,
    hint: "Mend the step, or the schema.",
  });
  return { kind: "value", term };
}

function placeOf(slot: Slot, settling: Settling): Place {
  return slot.by ?? settling.at;
}

/** The schema of a text before it is cut. */
function schemaOfText(term: Term): JsonSchema {
  return term.kind === "given" ? term.schema : { type: "string" };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
