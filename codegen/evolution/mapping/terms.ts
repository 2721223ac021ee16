/**
 * What the values of a payload are made of on their way to the other version. The payload itself is never at hand:
 * a term says where a value comes from and what is done to it, and code is printed from that.
 */
import type { JsonSchema } from "../../model/model.ts";
import type { Occurrence, Renaming, Scalar } from "../../spec/evolution.ts";
import type { Pointer } from "../../spec/pointer.ts";
import type { Place } from "../../spec/report.ts";

export type Term = Given | Built | Constant | Chosen | Converted | Cut | Joined | Scaled | Listed | Wrapped | Returned;

/** A value of the version that the mapping starts from. */
export interface Given {
  readonly kind: "given";
  /** The value that it is found in; undefined for the payload itself, and for an element of a list. */
  readonly inside: Given | undefined;
  /** Its name in that value, or the variable that holds it. */
  readonly name: string;
  /** The list, when it is each of the elements in turn. */
  readonly list?: Given;
  /** Set when it is one of the elements of the list that it is in. */
  readonly pick?: Occurrence;
  readonly schema: JsonSchema;
  /** Whether what it is found in always has it. */
  readonly required: boolean;
  /** Where it is in the payload, `*` for every element. */
  readonly path: readonly string[];
}

/** The identity of a given value in one function. */
export function keyOf({ inside, name, pick }: Given): string {
  return inside === undefined ? name : `${keyOf(inside)}/${pick ?? name}`;
}

/** An object that is put together, or one that was given and is changed inside. */
export interface Built {
  readonly kind: "built";
  readonly fields: Map<string, Field>;
  /** What it was made of: where that is absent or null, so is the object. */
  readonly origin: Term | undefined;
}

/** A member of an object, and the place in the contract that put it there. */
export interface Field {
  readonly term: Term;
  readonly by: Place | undefined;
}

/** A value that the contract says. */
export interface Constant {
  readonly kind: "constant";
  readonly value: unknown;
  readonly at: Pointer;
}

/** A value, or the one that a table has for it. */
export interface Chosen {
  readonly kind: "chosen";
  readonly of: Term;
  readonly table: readonly Renaming[];
  readonly tableAt: Pointer;
  readonly at: Pointer;
  readonly refusesOthers: boolean;
}

export interface Converted {
  readonly kind: "converted";
  readonly of: Term;
  readonly from: Scalar;
  readonly to: Scalar;
  readonly at: Pointer;
}

/** What stands before a separator, or behind it. Behind none is nothing. */
export interface Cut {
  readonly kind: "cut";
  readonly of: Term;
  readonly side: "before" | "behind";
  readonly cut: Occurrence;
  readonly by: string;
  readonly at: Pointer;
}

/** Two texts with a separator between them, or the first alone where there is no second. */
export interface Joined {
  readonly kind: "joined";
  readonly first: Term;
  readonly second: Term;
  readonly by: string;
}

/** A number in another unit. */
export interface Scaled {
  readonly kind: "scaled";
  readonly of: Term;
  readonly factor: number;
  readonly how: "times" | "divided by";
}

/** A list of which every element is changed. */
export interface Listed {
  readonly kind: "listed";
  readonly of: Given;
  readonly variable: Given;
  readonly element: Term;
  readonly scope: Scope;
}

/** A list of one value, or of none where it is absent. */
export interface Wrapped {
  readonly kind: "wrapped";
  readonly of: Term;
}

/** One result of a hand-written function. */
export interface Returned {
  readonly kind: "returned";
  readonly call: Call;
  readonly name: string;
}

/** A call of a hand-written function. */
export interface Call {
  readonly function: string;
  readonly at: Pointer;
  /** The value that it is given, and the members of it that it reads. */
  readonly given: Given;
  readonly reads: readonly string[];
  /** Where each result ends, filled in when that is known. */
  readonly results: Map<string, { readonly path: readonly string[]; readonly required: boolean } | undefined>;
}

/** What must be done before values can be put together: in the function, or for each element of a list. */
export interface Scope {
  readonly statements: Statement[];
}

/** A call, or a reason to give up: a value that the other version cannot say. */
export type Statement =
  | { readonly kind: "call"; readonly call: Call }
  | { readonly kind: "other currency"; readonly of: Given; readonly currency: string; readonly at: Place }
  | { readonly kind: "other value"; readonly of: Chosen; readonly values: readonly unknown[]; readonly at: Place }
  | { readonly kind: "inexact"; readonly of: Converted; readonly at: Place }
  | { readonly kind: "no separator"; readonly of: Cut; readonly at: Place }
  | { readonly kind: "no element"; readonly of: Given; readonly at: Place }
  /** Not a reason to give up: an element that is looked up once. */
  | { readonly kind: "element"; readonly of: Given };

/** Whether a statement gives up on some payloads. */
export function isRefusal(
  statement: Statement,
): statement is Exclude<Statement, { readonly kind: "call" | "element" }> {
  return statement.kind !== "call" && statement.kind !== "element";
}

/** The value that a term is absent or null with; undefined for one that is always there. */
export function subjectOf(term: Term): Given | undefined {
  switch (term.kind) {
    case "given":
      return term;
    case "built":
      return term.origin === undefined ? undefined : subjectOf(term.origin);
    case "chosen":
    case "converted":
    case "cut":
    case "scaled":
    case "listed":
    case "wrapped":
      return subjectOf(term.of);
    case "joined":
      return subjectOf(term.first);
    case "constant":
    case "returned":
      return undefined;
  }
}

/** The given values that are there when a term is: what it is made of, and what that is found in. */
export function keysWith(term: Term): string[] {
  const keys: string[] = [];
  for (let given = subjectOf(term); given !== undefined; given = given.inside) keys.push(keyOf(given));
  return keys;
}
