/** A payload of the other version as it will be put together: every term in its place. */
import type { Given, Scope, Term } from "./terms.ts";

export type Plan =
  /** The value of a term, which needs nothing to be put together. */
  | { readonly kind: "value"; readonly term: Term }
  | { readonly kind: "object"; readonly origin: Term | undefined; readonly members: readonly Member[] }
  | {
      readonly kind: "list";
      readonly of: Given;
      readonly variable: Given;
      readonly element: Settled;
      readonly scope: Scope;
      /** Where the list ends, for the type of its elements. */
      readonly path: readonly string[];
    }
  | { readonly kind: "wrapped"; readonly of: Term; readonly element: Plan };

/** What is done for a value that is absent, or null. */
export interface Settled {
  readonly plan: Plan;
  /** The value that the plan is for. */
  readonly term: Term;
  /** `never`: it is always there. `omit`: left out. `null`: null in its place. `empty`: an empty list in its place. */
  readonly absent: "never" | "omit" | "null" | "empty";
  /** `never`: it is never null. `keep`: it stays null. */
  readonly nulls: "never" | "keep" | "omit" | "empty";
}

/** One property of an object. */
export interface Member extends Settled {
  readonly name: string;
}
