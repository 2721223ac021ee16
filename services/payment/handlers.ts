/** What payment does with each event that the contract says it receives. */
import { PermanentError } from "@tandem/runtime";
import { failpoint } from "@tandem/runtime/failpoint";
import type { Money } from "#generated/schemas/money.ts";
import type { PaymentHandlers } from "#generated/services/payment.ts";
import { lockCharge, storeCapture, storeFailure, storeRefund, storeTombstone } from "./charges.ts";
import type { Gateway } from "./gateway.ts";

/**
 * The gateway is called inside the run's transaction, under the lock of the order's charge. If the
 * process dies between the gateway's answer and the commit, nothing is known here and the event comes
 * again: then the gateway says what it did.
 */
export function paymentHandlers(gateway: Gateway): PaymentHandlers {
  return {
    /** Takes the price, once, unless the order was cancelled in the meantime. */
    async orderPayable({ order_id, total }, { tx, publish, log, delivery, signal }) {
      const state = await lockCharge(tx, order_id);
      if (state !== "open") return log.info({ state }, "this order was answered or cancelled before");
      const answer = await gateway.charge(order_id, total, delivery.redelivered, signal);
      FAILPOINT: failpoint("after-charge-before-commit");
      switch (answer.status) {
        case "captured":
          requireSame(order_id, total, answer.amount);
          await storeCapture(tx, order_id, answer);
          return publish.paymentSucceeded({ order_id, charge_id: answer.chargeId, amount: answer.amount });
        case "declined":
          await storeFailure(tx, order_id, answer.reason);
          return publish.paymentFailed({ order_id, reason: answer.reason });
        case "refunded":
        case "voided":
          // A cancellation reached the gateway and its process died before the commit: it comes again,
          // and settles what is left open here.
          return log.info({ answer: answer.status }, "the gateway has closed this order");
      }
    },

    /** Gives back what was taken; if nothing was asked for yet, nothing will be taken. */
    async orderCancelled({ order_id, reason }, { tx, publish, log, signal }) {
      const state = await lockCharge(tx, order_id);
      if (state !== "open" && state !== "captured") return log.info({ state }, "nothing is held for this order");
      // An order without stock is never payable, so nobody has asked the gateway for anything.
      if (state === "open" && reason === "insufficient_stock") return storeTombstone(tx, order_id);
      // Otherwise an open charge may hide a capture whose run died before its commit. Only the gateway knows.
      const answer = await gateway.release(order_id, signal);
      switch (answer.status) {
        case "refunded":
          await storeRefund(tx, order_id, answer);
          return publish.paymentRefunded({ order_id, charge_id: answer.chargeId, amount: answer.amount });
        case "voided":
        case "declined":
          return storeTombstone(tx, order_id);
        case "captured":
          throw new Error(
            `The gateway was told to give back the money of order ${order_id}, and says that it still has it.`,
          );
      }
    },
  };
}

function requireSame(orderId: string, asked: Money, taken: Money): void {
  if (asked.amount === taken.amount && asked.currency === taken.currency) return;
  const words = ({ amount, currency }: Money) => `${amount} ${currency}`;
  throw new PermanentError(
    `The gateway took ${words(taken)} for order ${orderId} instead of ${words(asked)}. It is given back when the order is cancelled.`,
  );
}
