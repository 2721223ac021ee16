/** What a caller may know of an order. */
import type { Transaction } from "@tandem/runtime";
import type { OrderStatus } from "#generated/http/get-order.ts";
import type { Money } from "#generated/schemas/money.ts";
import type { CancelReason, Stage } from "./transitions.ts";

interface Row {
  readonly stage: Stage;
  readonly reason: CancelReason | null;
  readonly amount: string;
  readonly currency: Money["currency"];
  readonly event: string;
  readonly at: Date;
}

/** The status of an order with its history, both of one moment; undefined when there is no such order. */
export async function readOrder(database: Transaction, orderId: string): Promise<OrderStatus | undefined> {
  const { rows } = await database.query<Row>(
    `select o.stage, o.reason, o.total_amount as amount, o.total_currency as currency, h.event, h.at
       from orders o join order_history h using (order_id)
      where order_id = $1
      order by h.position`,
    [orderId],
  );
  const [first] = rows;
  if (!first) return undefined;
  return {
    order_id: orderId,
    status: first.stage === "confirmed" || first.stage === "cancelled" ? first.stage : "processing",
    ...(first.reason === null ? {} : { reason: first.reason }),
    total: { amount: Number(first.amount), currency: first.currency },
    history: rows.map(({ at, event }) => ({ at: at.toISOString(), event })),
  };
}
