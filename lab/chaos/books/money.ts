/** I4 and I11 by the gateway's own ledger: the services are not asked what they did with money. */
import type { LedgerEntry } from "../../gateway/ledger.ts";
import type { Verdict } from "../../../ops/verify/verdict.ts";
import type { Books } from "./books.ts";
import { judgement } from "./judgement.ts";

/** What the gateway kept of an order: captured less refunded, exactly the price when it is confirmed, else nothing. */
export function judgeMoney({ ledger, orders }: Pick<Books, "ledger" | "orders">): Verdict {
  const says = "by the gateway's ledger a confirmed order cost its price once, and any other order nothing";
  return judgement("I4", says, (tally) => {
    const ofOrder = Map.groupBy(ledger, ({ key }) => key);
    const known = new Set(orders.map(({ orderId }) => orderId));
    for (const { orderId: order, stage, total } of orders) {
      tally.checked += 1;
      const entries = ofOrder.get(order) ?? [];
      const captures = entries.filter(({ kind }) => kind === "captured").length;
      const kept = entries.reduce((sum, entry) => sum + movedBy(entry), 0);
      const due = stage === "confirmed" ? total : 0;
      if (captures > 1) tally.violate({ order, why: `${captures} captures` });
      else if (kept !== due) tally.violate({ order, why: `${stage}: ${due} is due, and the gateway kept ${kept}` });
    }
    for (const key of ofOrder.keys()) if (!known.has(key)) tally.violate({ order: key, why: "money for no order" });
  });
}

function movedBy(entry: LedgerEntry): number {
  if (entry.kind === "captured") return entry.amount.amount;
  return entry.kind === "refunded" ? -entry.amount.amount : 0;
}
