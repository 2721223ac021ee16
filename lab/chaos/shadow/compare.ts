/** What the live tables say against what came of the events. */
import type { Verdict } from "../../../ops/verify/verdict.ts";
import { judgement } from "../books/judgement.ts";
import { textOf } from "../books/stock.ts";
import type { Books, BookedCharge, BookedReservation, BookedStock } from "../books/books.ts";
import type { foldOrders } from "./fold-orders.ts";

/** The tables that a replay filled. */
export interface Replayed {
  readonly reservations: readonly BookedReservation[];
  readonly stock: readonly BookedStock[];
  readonly charges: readonly BookedCharge[];
  /** Messages that a handler refused, with why. */
  readonly refused: readonly { readonly message: string; readonly why: string }[];
  /** Events that were applied. */
  readonly applied: number;
}

/** Orders: stage, reason, total and lines are what the events say. */
export function compareOrders(
  { orders }: Pick<Books, "orders">,
  { orders: folded, contradictions }: ReturnType<typeof foldOrders>,
): Verdict {
  return judgement("I8", "the orders are what a fold of the order service's events says", (tally) => {
    for (const { order, why } of contradictions) tally.violate({ order, why });
    for (const { orderId: order, stage, reason, total, lines } of orders) {
      tally.checked += 1;
      const told = folded.get(order);
      const live = `${stage} (${reason}), ${textOf(lines)}`;
      if (told === undefined) tally.violate({ order, why: `${live}, and no event tells of it` });
      else if (`${told.stage} (${told.reason}), ${textOf(told.items)}` !== live)
        tally.violate({ order, why: `${live}; its events say ${told.stage} (${told.reason}), ${textOf(told.items)}` });
      else if (told.total !== undefined && told.total !== total)
        tally.violate({ order, why: `its price is ${total}, and its events say ${told.total}` });
    }
    const known = new Set(orders.map(({ orderId }) => orderId));
    for (const order of folded.keys()) if (!known.has(order)) tally.violate({ order, why: "events, and no order" });
  });
}

/** Inventory: what each order holds for good, and the stock of each product. */
export function compareInventory(live: Pick<Books, "reservations" | "stock">, replayed: Replayed): Verdict {
  return judgement("I8", "inventory's tables are what its handlers make of the streams in fresh ones", (tally) => {
    for (const evidence of replayed.refused) tally.violate(evidence);
    const again = new Map(replayed.reservations.map((reservation) => [reservation.orderId, holdingOf(reservation)]));
    for (const reservation of live.reservations) {
      tally.checked += 1;
      const { orderId: order } = reservation;
      const [is, told] = [holdingOf(reservation), again.get(order) ?? "not known"];
      if (is !== told) tally.violate({ order, why: `${is}; replayed it is ${told}` });
      again.delete(order);
    }
    for (const [order, holding] of again) tally.violate({ order, why: `not known; replayed it is ${holding}` });
    const stock = new Map(replayed.stock.map((row) => [row.productId, balanceOf(row)]));
    for (const row of live.stock) {
      tally.checked += 1;
      const [is, told] = [balanceOf(row), stock.get(row.productId)];
      if (is !== told) tally.violate({ product: row.productId, why: `${is}; replayed it is ${told}` });
    }
  });
}

/** Payment: what became of the money of each order. */
export function comparePayment(live: Pick<Books, "charges">, replayed: Replayed): Verdict {
  return judgement(
    "I8",
    "payment's tables are what its handlers make of the streams and the gateway's ledger",
    (tally) => {
      for (const evidence of replayed.refused) tally.violate(evidence);
      const again = new Map(replayed.charges.map((charge) => [charge.orderId, chargeText(charge)]));
      for (const charge of live.charges) {
        tally.checked += 1;
        const { orderId: order } = charge;
        const [is, told] = [chargeText(charge), again.get(order) ?? "not known"];
        if (is !== told) tally.violate({ order, why: `${is}; replayed it is ${told}` });
        again.delete(order);
      }
      for (const [order, charge] of again) tally.violate({ order, why: `not known; replayed it is ${charge}` });
    },
  );
}

/**
 * What an order holds for good. Whether a cancellation came before or after what it cancels is a matter of the moment,
 * and comes to the same.
 */
function holdingOf({ state, lines }: BookedReservation): string {
  return state === "sold" || state === "reserved" ? `${state} ${textOf(lines)}` : "nothing is held";
}

function balanceOf({ available, reserved, sold }: BookedStock): string {
  return `${available} available, ${reserved} reserved, ${sold} sold`;
}

/** A decline and a tombstone hold the same: nothing. Who came first is a matter of the moment. */
function chargeText({ state, amount }: BookedCharge): string {
  return state === "captured" || state === "refunded" ? `${state} ${amount}` : "nothing was taken";
}
