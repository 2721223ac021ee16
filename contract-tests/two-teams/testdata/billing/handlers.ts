import type { BillingHandlers } from "./generated/services/billing.ts";

/** What billing does with each event that it reads. */
export const billingHandlers: BillingHandlers = {
  /** Writes the invoice down. */
  async orderCreated(order, { tx }) {
    await tx.query("insert into invoice (order_id, total) values ($1, $2)", [order.order_id, order.total]);
  },
};
