/** What inventory does with each event that the contract says it receives. */
import { PermanentError } from "@tandem/runtime";
import type { InventoryHandlers } from "#generated/services/inventory.ts";
import { closeReservation, holdLines, linesOf, lockReservation, openReservation } from "./reservations.ts";
import { byProduct, release, reserveAll, sell } from "./stock.ts";

export const inventoryHandlers: InventoryHandlers = {
  /** Reserves every line of the order, or none of them. */
  async orderCreated({ order_id, lines: ordered }, { tx, publish, log }) {
    const isOpen = await openReservation(tx, order_id, "rejected");
    if (!isOpen) return log.info("this order was answered or cancelled before");
    const lines = byProduct(ordered.map(({ sku, quantity }) => ({ product_id: sku, quantity })));
    const missing = await reserveAll(tx, lines);
    if (missing.length > 0) return publish.inventoryRejected({ order_id, missing });
    const reservation_id = await holdLines(tx, order_id, lines);
    publish.inventoryReserved({ order_id, reservation_id });
  },

  /** What was reserved is sold. */
  async orderConfirmed({ order_id }, { tx }) {
    const reservation = await lockReservation(tx, order_id);
    if (reservation?.state === "sold") return;
    if (reservation?.state !== "reserved") {
      throw new PermanentError(
        `orders.confirmed for order ${order_id}, for which nothing is reserved: ${reservation?.state ?? "it is not known here"}.`,
      );
    }
    await sell(tx, await linesOf(tx, order_id));
    await closeReservation(tx, order_id, "sold");
  },

  /** Gives back what the order holds; if the order itself has not come yet, it will hold nothing. */
  async orderCancelled({ order_id }, { tx, log }) {
    const isTombstone = await openReservation(tx, order_id, "cancelled");
    if (isTombstone) return log.info("cancelled before it came");
    const reservation = await lockReservation(tx, order_id);
    if (reservation?.state === "sold") {
      throw new PermanentError(
        `orders.cancelled for order ${order_id}, which was confirmed before: its stock is sold.`,
      );
    }
    if (reservation?.state !== "reserved") return;
    await release(tx, await linesOf(tx, order_id));
    await closeReservation(tx, order_id, "released");
  },
};
