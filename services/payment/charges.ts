/** Charges as they are stored. Everything here runs inside the transaction of its caller. */
import type { Transaction } from "@tandem/runtime";
import type { Money } from "#generated/schemas/money.ts";
import type { PaymentFailedV1 } from "#generated/events/payment-failed/v1.ts";

/** Why a payment failed, in the contract's words. */
export type FailureReason = PaymentFailedV1["reason"];

/** Money that the gateway took. */
export interface Capture {
  readonly chargeId: string;
  readonly amount: Money;
}

/**
 * - `open`: nothing is known here, the row is new
 * - `captured`, `refunded`: the gateway has, or had, the money
 * - `failed`: the gateway said no, for good
 * - `cancelled`: the order was cancelled and nothing is held for it: the tombstone
 */
export type ChargeState = "open" | "captured" | "failed" | "refunded" | "cancelled";

/**
 * The charge of an order under its lock, opened if there was none. A transaction that is dealing with
 * the same order at this moment is waited for: charging and refunding never meet.
 */
export async function lockCharge(tx: Transaction, orderId: string): Promise<ChargeState> {
  const { rowCount } = await tx.query({
    name: "charge-open",
    text: "insert into charges (order_id, state) values ($1, 'open') on conflict do nothing",
    values: [orderId],
  });
  if (rowCount === 1) return "open";
  const { rows } = await tx.query<{ state: ChargeState }>({
    name: "charge-lock",
    text: "select state from charges where order_id = $1 for update",
    values: [orderId],
  });
  return rows[0]?.state ?? "open";
}

/** The gateway has the money. */
export async function storeCapture(tx: Transaction, orderId: string, capture: Capture): Promise<void> {
  await storeMoney(tx, orderId, "captured", capture);
}

/** The gateway has given the money back. */
export async function storeRefund(tx: Transaction, orderId: string, capture: Capture): Promise<void> {
  await storeMoney(tx, orderId, "refunded", capture);
}

/** The gateway said no. */
export async function storeFailure(tx: Transaction, orderId: string, reason: FailureReason): Promise<void> {
  await tx.query({
    name: "charge-failed",
    text: "update charges set state = 'failed', reason = $2, at = now() where order_id = $1",
    values: [orderId, reason],
  });
}

/** Nothing is held for this order, and nothing ever will be. */
export async function storeTombstone(tx: Transaction, orderId: string): Promise<void> {
  await tx.query({
    name: "charge-cancelled",
    text: "update charges set state = 'cancelled', at = now() where order_id = $1",
    values: [orderId],
  });
}

async function storeMoney(
  tx: Transaction,
  orderId: string,
  state: "captured" | "refunded",
  { chargeId, amount }: Capture,
): Promise<void> {
  await tx.query({
    name: "charge-money",
    text: "update charges set state = $2, charge_id = $3, amount = $4, currency = $5, at = now() where order_id = $1",
    values: [orderId, state, chargeId, amount.amount, amount.currency],
  });
}
