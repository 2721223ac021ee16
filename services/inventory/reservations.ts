/** The one answer that each order gets. Everything here runs inside the transaction of its caller. */
import { randomUUID } from "node:crypto";
import type { Transaction } from "@tandem/runtime";
import type { Line } from "./stock.ts";

/**
 * - `reserved`: holds stock
 * - `rejected`: there was too little
 * - `sold`, `released`: what became of what was held
 * - `cancelled`: the tombstone of an order that was cancelled before it came
 */
type ReservationState = "reserved" | "rejected" | "sold" | "released" | "cancelled";

/** A reservation under its lock. */
export interface Reservation {
  readonly orderId: string;
  readonly state: ReservationState;
}

/**
 * Opens the answer to an order, or answers false when there is one already. A transaction that is
 * answering the same order at this moment is waited for.
 */
export async function openReservation(
  tx: Transaction,
  orderId: string,
  state: "rejected" | "cancelled",
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: "reservation-open",
    text: "insert into reservations (order_id, state) values ($1, $2) on conflict do nothing",
    values: [orderId, state],
  });
  return rowCount === 1;
}

/** Gives an opened answer its lines and an id. */
export async function holdLines(tx: Transaction, orderId: string, lines: readonly Line[]): Promise<string> {
  const reservationId = randomUUID();
  await tx.query({
    name: "reservation-hold",
    text: "update reservations set state = 'reserved', reservation_id = $2, at = now() where order_id = $1",
    values: [orderId, reservationId],
  });
  await tx.query({
    name: "reservation-lines",
    text: `insert into reservation_lines (order_id, product_id, quantity)
           select $1, product_id, quantity from unnest($2::text[], $3::bigint[]) as line (product_id, quantity)`,
    values: [orderId, lines.map((line) => line.product_id), lines.map((line) => line.quantity)],
  });
  return reservationId;
}

/** The answer to an order under its lock, or undefined when there is none. */
export async function lockReservation(tx: Transaction, orderId: string): Promise<Reservation | undefined> {
  const { rows } = await tx.query<{ state: ReservationState }>({
    name: "reservation-lock",
    text: "select state from reservations where order_id = $1 for update",
    values: [orderId],
  });
  return rows.map(({ state }) => ({ orderId, state })).at(0);
}

/** What a reservation holds. */
export async function linesOf(tx: Transaction, orderId: string): Promise<readonly Line[]> {
  const { rows } = await tx.query<{ product_id: string; quantity: string }>({
    name: "reservation-lines-of",
    text: "select product_id, quantity from reservation_lines where order_id = $1",
    values: [orderId],
  });
  return rows.map(({ product_id, quantity }) => ({ product_id, quantity: Number(quantity) }));
}

/** Says what became of a reservation that the caller has locked. */
export async function closeReservation(tx: Transaction, orderId: string, state: "sold" | "released"): Promise<void> {
  await tx.query({
    name: "reservation-close",
    text: "update reservations set state = $2, at = now() where order_id = $1",
    values: [orderId, state],
  });
}
