/** I3 and I11 across services: what is sold is what confirmed orders hold, and nothing is kept for anybody else. */
import type { Verdict } from "../../../ops/verify/verdict.ts";
import type { BookedLine, Books } from "./books.ts";
import { judgement } from "./judgement.ts";

/** At rest nothing is reserved, and what is sold are the lines of the confirmed orders. */
export function judgeStock({ orders, stock }: Pick<Books, "orders" | "stock">): Verdict {
  return judgement("I3", "at rest nothing is reserved, and sold is what the confirmed orders hold", (tally) => {
    const held = countPieces(orders.filter(({ stage }) => stage === "confirmed").flatMap(({ lines }) => lines));
    for (const { productId: product, available, reserved, sold } of stock) {
      tally.checked += 1;
      const due = held.get(product) ?? 0;
      if (available < 0) tally.violate({ product, why: `${available} are available` });
      else if (reserved !== 0) tally.violate({ product, why: `${reserved} are reserved for nobody` });
      else if (sold !== due) tally.violate({ product, why: `${sold} are sold, and confirmed orders hold ${due}` });
    }
  });
}

/** What inventory keeps for an order is what became of the order. */
export function judgeReservations({ orders, reservations }: Pick<Books, "orders" | "reservations">): Verdict {
  return judgement("I11", "a confirmed order has its stock, and a cancelled one holds none", (tally) => {
    const ofOrder = new Map(reservations.map((reservation) => [reservation.orderId, reservation]));
    for (const { orderId: order, stage, lines } of orders) {
      tally.checked += 1;
      const found = ofOrder.get(order);
      if (stage === "confirmed" && found?.state !== "sold")
        tally.violate({ order, why: `confirmed, and its stock is ${found?.state ?? "nowhere"}` });
      else if (stage === "confirmed" && textOf(found?.lines ?? []) !== textOf(lines))
        tally.violate({ order, why: `it holds ${textOf(found?.lines ?? [])} instead of ${textOf(lines)}` });
      else if (stage === "cancelled" && (found === undefined || ["reserved", "sold"].includes(found.state)))
        tally.violate({ order, why: `cancelled, and its stock is ${found?.state ?? "not known"}` });
    }
  });
}

function countPieces(lines: readonly BookedLine[]): ReadonlyMap<string, number> {
  const pieces = new Map<string, number>();
  for (const { productId, quantity } of lines) pieces.set(productId, (pieces.get(productId) ?? 0) + quantity);
  return pieces;
}

/** The same for the same lines in any order. */
export function textOf(lines: readonly BookedLine[]): string {
  return [...countPieces(lines)]
    .map(([product, quantity]) => `${quantity} ${product}`)
    .sort()
    .join(", ");
}
