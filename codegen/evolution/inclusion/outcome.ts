/** How a search for a value ended: one was found, there is none, or neither could be shown. */
export type Outcome =
  | { readonly is: "value"; readonly value: unknown }
  | { readonly is: "none" }
  | { readonly is: "unsure"; readonly why: string };

export const NO_VALUE: Outcome = { is: "none" };

export function found(value: unknown): Outcome {
  return { is: "value", value };
}

export function unsure(why: string): Outcome {
  return { is: "unsure", why };
}

/** The first value that an attempt finds; none only when every attempt shows that there is none. */
export function firstFound(attempts: Iterable<Outcome>): Outcome {
  let doubt: Outcome | undefined;
  for (const outcome of attempts) {
    if (outcome.is === "value") return outcome;
    if (outcome.is === "unsure") doubt ??= outcome;
  }
  return doubt ?? NO_VALUE;
}
