/** What order does with each event that the contract says it receives: it asks the state machine. */
import type { OrderHandlers } from "#generated/services/order.ts";
import { applyFact } from "./decisions.ts";

export const orderHandlers: OrderHandlers = {
  /** The price may be charged, unless the order was cancelled in the meantime. */
  async inventoryReserved({ order_id }, context) {
    await applyFact(context, order_id, "inventory.reserved", context.meta.occurredAt);
  },

  async inventoryRejected({ order_id, missing }, context) {
    context.log.info({ missing }, "too little stock");
    await applyFact(context, order_id, "inventory.rejected", context.meta.occurredAt);
  },

  /** A success that comes after the cancellation is noted: payment gives the money back by itself. */
  async paymentSucceeded({ order_id }, context) {
    await applyFact(context, order_id, "payments.succeeded", context.meta.occurredAt);
  },

  async paymentFailed({ order_id, reason }, context) {
    context.log.info({ reason }, "the payment failed");
    await applyFact(context, order_id, "payments.failed", context.meta.occurredAt);
  },

  async paymentRefunded({ order_id }, context) {
    await applyFact(context, order_id, "payments.refunded", context.meta.occurredAt);
  },
};
