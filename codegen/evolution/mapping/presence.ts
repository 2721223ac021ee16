/** Whether a value is always there, and whether it may be null. */
import type { Definitions } from "../../emit/json-schema.ts";
import { admitsNull } from "./schema-view.ts";
import { keyOf, type Given, type Term } from "./terms.ts";

/** What is known of given values at one place. */
export interface Knowledge {
  readonly definitions: Definitions;
  /** The ones that are neither absent nor null there. */
  readonly present: ReadonlySet<string>;
}

/** Whether a given value may be absent or null, found in a value that is there. */
export function isPerhapsMissing(given: Given, { definitions, present }: Knowledge): boolean {
  return !present.has(keyOf(given)) && (!given.required || admitsNull(given.schema, definitions));
}

/** Whether a value may be absent. */
export function isPerhapsAbsent(term: Term, known: Knowledge): boolean {
  const ask = (inner: Term) => isPerhapsAbsent(inner, known);
  switch (term.kind) {
    case "given": {
      const { inside, required } = term;
      if (known.present.has(keyOf(term))) return false;
      return !required || (inside !== undefined && (ask(inside) || isPerhapsNull(inside, known)));
    }
    case "built":
      if (term.origin !== undefined) return ask(term.origin);
      return term.fields.size > 0 && [...term.fields.values()].every((field) => ask(field.term));
    case "cut":
      return term.side === "behind" || ask(term.of);
    case "joined":
      return ask(term.first);
    case "chosen":
    case "converted":
    case "scaled":
    case "listed":
    case "wrapped":
      return ask(term.of);
    case "returned":
      return term.call.results.get(term.name)?.required === false;
    case "constant":
      return false;
  }
}

/** Whether a value may be null because what it is made of is. */
export function isPerhapsNull(term: Term, known: Knowledge): boolean {
  switch (term.kind) {
    case "given":
      return !known.present.has(keyOf(term)) && admitsNull(term.schema, known.definitions);
    case "built":
      return term.origin !== undefined && isPerhapsNull(term.origin, known);
    case "joined":
      return isPerhapsNull(term.first, known);
    case "chosen":
    case "converted":
    case "cut":
    case "scaled":
    case "listed":
      return isPerhapsNull(term.of, known);
    case "wrapped":
    case "constant":
    case "returned":
      return false;
  }
}
