/** The state machine of an order: what each fact means in each stage. A table and nothing else. */
import type { OrderCancelledV1 } from "#generated/events/order-cancelled/v1.ts";

/** Where an order stands. The first two are undecided, the last two are for good. */
export type Stage = "accepted" | "payable" | "confirmed" | "cancelled";

/** What can happen to an order: the events that this service handles, and the passing of its deadline. */
export type Fact =
  | "inventory.reserved"
  | "inventory.rejected"
  | "payments.succeeded"
  | "payments.failed"
  | "payments.refunded"
  | "deadline passed";

/** Why an order is cancelled, in the contract's words. */
export type CancelReason = OrderCancelledV1["reason"];

/**
 * What follows from a fact:
 * - `payable`, `confirmed`, `cancelled`: the order moves there and says so
 * - `note`: true and late; it goes into the history and nothing follows
 * - `known`: it says nothing new
 * - `contradiction`: it cannot be, given what this service published before; somebody must look at it
 */
export type Decision =
  | { readonly kind: "payable" | "confirmed" | "note" | "known" | "contradiction" }
  | { readonly kind: "cancelled"; readonly reason: CancelReason };

const payable: Decision = { kind: "payable" };
const confirmed: Decision = { kind: "confirmed" };
const note: Decision = { kind: "note" };
const known: Decision = { kind: "known" };
const contradiction: Decision = { kind: "contradiction" };

function cancelled(reason: CancelReason): Decision {
  return { kind: "cancelled", reason };
}

const TRANSITIONS: Readonly<Record<Fact, Readonly<Record<Stage, Decision>>>> = {
  "inventory.reserved": { accepted: payable, payable: known, confirmed: known, cancelled: note },
  "inventory.rejected": {
    accepted: cancelled("insufficient_stock"),
    payable: contradiction,
    confirmed: contradiction,
    cancelled: note,
  },
  // Nobody was asked to pay before the order was payable.
  "payments.succeeded": { accepted: contradiction, payable: confirmed, confirmed: known, cancelled: note },
  "payments.failed": {
    accepted: contradiction,
    payable: cancelled("payment_failed"),
    confirmed: contradiction,
    cancelled: note,
  },
  // Money goes back only after a cancellation.
  "payments.refunded": {
    accepted: contradiction,
    payable: contradiction,
    confirmed: contradiction,
    cancelled: note,
  },
  "deadline passed": {
    accepted: cancelled("deadline_passed"),
    payable: cancelled("deadline_passed"),
    confirmed: known,
    cancelled: known,
  },
};

/** What a fact means for an order in this stage. */
export function decide(stage: Stage, fact: Fact): Decision {
  return TRANSITIONS[fact][stage];
}
