/** What the events of the order service say of each order, without asking the service. */

/** One event, as far as a fold goes by it. */
export interface FoldedEvent {
  readonly name: string;
  readonly eventId: string;
  readonly orderId: string;
  readonly items: readonly { readonly productId: string; readonly quantity: number }[];
  readonly reason: string | undefined;
  readonly total: number | undefined;
}

/** An order as its events tell of it. */
export interface FoldedOrder {
  readonly orderId: string;
  readonly stage: string;
  readonly reason: string | undefined;
  /** Undefined where no event said it. */
  readonly total: number | undefined;
  readonly items: FoldedEvent["items"];
}

const STAGES: Readonly<Record<string, string>> = {
  "orders.created": "accepted",
  "orders.payable": "payable",
  "orders.confirmed": "confirmed",
  "orders.cancelled": "cancelled",
};
const ORDER = ["accepted", "payable", "confirmed", "cancelled"];

/** Folds events in any order, each once. Answers the orders by id, and what contradicts itself. */
export function foldOrders(events: readonly FoldedEvent[]) {
  const orders = new Map<string, FoldedOrder>();
  const contradictions: { readonly order: string; readonly why: string }[] = [];
  const seen = new Set<string>();
  for (const { name, eventId, orderId, items, reason, total } of events) {
    const stage = STAGES[name];
    if (stage === undefined || seen.has(eventId)) continue;
    seen.add(eventId);
    const before = orders.get(orderId);
    const isDecidedTwice = isDecided(stage) && before !== undefined && isDecided(before.stage);
    if (isDecidedTwice) contradictions.push({ order: orderId, why: `its events say ${before.stage} and ${stage}` });
    if (stage === "accepted" && before !== undefined && before.items.length > 0)
      contradictions.push({ order: orderId, why: "two events say that it was created" });
    const isLater = before === undefined || ORDER.indexOf(stage) > ORDER.indexOf(before.stage);
    orders.set(orderId, {
      orderId,
      stage: isLater ? stage : before.stage,
      reason: reason ?? before?.reason,
      total: total ?? before?.total,
      items: items.length > 0 ? items : (before?.items ?? []),
    });
  }
  return { orders, contradictions };
}

function isDecided(stage: string): boolean {
  return stage === "confirmed" || stage === "cancelled";
}
