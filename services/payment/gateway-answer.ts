/** Reads what the gateway says. It is another company's system: nothing is taken on trust. */
import type { Money } from "#generated/schemas/money.ts";
import type { Capture, FailureReason } from "./charges.ts";

/** What became of an order's charge, by the gateway's word. */
export type GatewayAnswer =
  | ({ readonly status: "captured" | "refunded" } & Capture)
  | { readonly status: "declined"; readonly reason: FailureReason }
  /** Closed before anything was taken; nothing can be taken any more. */
  | { readonly status: "voided" };

/** The answer in a response's text, or undefined when it holds none. */
export function readAnswer(text: string): GatewayAnswer | undefined {
  const body = parse(text);
  if (typeof body !== "object" || body === null || !("status" in body)) return undefined;
  switch (body.status) {
    case "captured":
    case "refunded": {
      if (!("charge_id" in body) || typeof body.charge_id !== "string" || body.charge_id === "") return undefined;
      if (!("amount" in body) || !isMoney(body.amount)) return undefined;
      return { status: body.status, chargeId: body.charge_id, amount: body.amount };
    }
    case "declined":
      return { status: "declined", reason: "reason" in body && body.reason === "expired" ? "expired" : "declined" };
    case "voided":
      return { status: "voided" };
    default:
      return undefined;
  }
}

function isMoney(value: unknown): value is Money {
  return (
    typeof value === "object" &&
    value !== null &&
    "amount" in value &&
    typeof value.amount === "number" &&
    Number.isSafeInteger(value.amount) &&
    value.amount > 0 &&
    "currency" in value &&
    (value.currency === "EUR" || value.currency === "USD" || value.currency === "GBP")
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
