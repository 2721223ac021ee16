/** What is wrong with a request, fault by fault, each with the place where it is. */
import type { Validator, Violation } from "@tandem/runtime";
import type { PlaceOrder } from "#generated/http/place-order.ts";
import type { Fault } from "./problem.ts";

/** Faults that are reported at most: a body can hold thousands, and nobody reads more than these. */
export const MOST_FAULTS = 100;

/** A value that satisfies the contract, or its faults. */
export type Checked<T> = { readonly value: T } | { readonly faults: readonly Fault[] };

/** Checks a value against the contract. Paths are JSON pointers into it. */
function check<T>(validate: Validator<T> | undefined, value: unknown): Checked<T> {
  if (!validate) throw new Error("The contract has no schema for this part of the request: generate the code again.");
  if (validate(value)) return { value };
  return { faults: (validate.errors ?? []).slice(0, MOST_FAULTS).map(faultOf) };
}

/** Checks headers. Paths are their names. */
export function checkHeaders<T>(validate: Validator<T> | undefined, headers: unknown): Checked<T> {
  const checked = check(validate, headers);
  if ("value" in checked) return checked;
  return { faults: checked.faults.map(({ path, message }) => ({ path: path.slice(1), message })) };
}

/** Checks what a schema cannot say: each product at most once, and no text that PostgreSQL cannot hold. */
export function checkBody(validate: Validator<PlaceOrder> | undefined, value: unknown): Checked<PlaceOrder> {
  const checked = check(validate, value);
  if ("faults" in checked) return checked;
  const faults: Fault[] = [];
  const seen = new Map<string, number>();
  for (const [position, { product_id }] of checked.value.items.entries()) {
    const first = seen.get(product_id);
    if (first === undefined) seen.set(product_id, position);
    else faults.push({ path: `/items/${position}/product_id`, message: `is the same product as /items/${first}` });
  }
  const { customer_id = "" } = checked.value;
  if (customer_id.includes("\0"))
    faults.push({ path: "/customer_id", message: "must not contain the character U+0000" });
  // Stored, it would be another text: no encoding has half of a character.
  if (!customer_id.isWellFormed()) faults.push({ path: "/customer_id", message: "must not contain a lone surrogate" });
  return faults.length === 0 ? checked : { faults: faults.slice(0, MOST_FAULTS) };
}

/** A missing or unwanted property is reported at its own path, where a caller looks for it. */
function faultOf({ instancePath, keyword, message, params }: Violation): Fault {
  if (keyword === "required") return { path: below(instancePath, params["missingProperty"]), message: "is missing" };
  if (keyword === "additionalProperties") {
    return {
      path: below(instancePath, params["additionalProperty"]),
      message: "is not a property that the contract has",
    };
  }
  return { path: instancePath, message: message ?? `does not satisfy ${keyword}` };
}

function below(pointer: string, property: unknown): string {
  return `${pointer}/${String(property).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}
