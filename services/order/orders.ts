/** Orders as they are stored. Everything here runs inside the transaction of its caller. */
import type { Transaction } from "@tandem/runtime";
import type { Money } from "#generated/schemas/money.ts";
import type { PricedLine } from "./catalogue.ts";
import type { CancelReason, Stage } from "./transitions.ts";

/** An order that is to be stored. */
export interface NewOrder {
  readonly orderId: string;
  readonly lines: readonly PricedLine[];
  readonly total: Money;
  readonly customerId: string | undefined;
  readonly correlationId: string;
  readonly placedAt: Date;
  /** When it is cancelled if nothing was decided. */
  readonly deadline: Date;
}

/** An order under its lock: until the transaction ends nobody else decides about it. */
export interface LockedOrder {
  readonly orderId: string;
  readonly stage: Stage;
  readonly total: Money;
}

interface OrderRow {
  readonly order_id: string;
  readonly stage: Stage;
  readonly amount: string;
  readonly currency: Money["currency"];
}

const LOCKED_COLUMNS = "order_id, stage, total_amount as amount, total_currency as currency";

/** Stores an accepted order with its lines. */
export async function insertOrder(tx: Transaction, order: NewOrder): Promise<void> {
  await tx.query({
    name: "order-insert",
    text: `insert into orders
             (order_id, stage, total_amount, total_currency, customer_id, correlation_id, placed_at, deadline)
           values ($1, 'accepted', $2, $3, $4, $5, $6, $7)`,
    values: [
      order.orderId,
      order.total.amount,
      order.total.currency,
      order.customerId ?? null,
      order.correlationId,
      order.placedAt,
      order.deadline,
    ],
  });
  await tx.query({
    name: "order-insert-lines",
    text: `insert into order_lines (order_id, position, product_id, quantity, unit_price)
           select $1, line.position, line.product_id, line.quantity, line.unit_price
             from unnest($2::text[], $3::bigint[], $4::bigint[])
                  with ordinality as line (product_id, quantity, unit_price, position)`,
    values: [
      order.orderId,
      order.lines.map((line) => line.product_id),
      order.lines.map((line) => line.quantity),
      order.lines.map((line) => line.unit_price),
    ],
  });
}

/** The order under its lock, or undefined when there is none. */
export async function lockOrder(tx: Transaction, orderId: string): Promise<LockedOrder | undefined> {
  const { rows } = await tx.query<OrderRow>({
    name: "order-lock",
    text: `select ${LOCKED_COLUMNS} from orders where order_id = $1 for update`,
    values: [orderId],
  });
  return rows.map(lockedOrder).at(0);
}

/** The order under its lock if it is overdue by now and nobody is deciding about it at this moment. */
export async function lockOverdueOrder(tx: Transaction, orderId: string, now: Date): Promise<LockedOrder | undefined> {
  const { rows } = await tx.query<OrderRow>({
    name: "order-lock-overdue",
    text: `select ${LOCKED_COLUMNS} from orders
            where order_id = $1 and stage in ('accepted', 'payable') and deadline <= $2
              for update skip locked`,
    values: [orderId, now],
  });
  return rows.map(lockedOrder).at(0);
}

/** Moves an order that the caller has locked. */
export async function moveOrder(tx: Transaction, orderId: string, stage: Stage, reason?: CancelReason): Promise<void> {
  await tx.query({
    name: "order-move",
    text: "update orders set stage = $2, reason = $3 where order_id = $1",
    values: [orderId, stage, reason ?? null],
  });
}

/** Adds an event to an order's history; one that it holds already stays as it is. */
export async function note(tx: Transaction, orderId: string, event: string, at: string): Promise<void> {
  await tx.query({
    name: "order-note",
    text: "insert into order_history (order_id, event, at) values ($1, $2, $3) on conflict do nothing",
    values: [orderId, event, at],
  });
}

function lockedOrder(row: OrderRow): LockedOrder {
  // PostgreSQL's bigint comes as text; the check on the way in keeps it below 2^53.
  return { orderId: row.order_id, stage: row.stage, total: { amount: Number(row.amount), currency: row.currency } };
}
