/** Accepts an order: key, prices, rows and event in one transaction. */
import { randomUUID } from "node:crypto";
import type { PlaceOrder } from "#generated/http/place-order.ts";
import { quote, type Quote } from "./catalogue.ts";
import type { DecisionContext } from "./decisions.ts";
import { claimKey } from "./idempotency.ts";
import { insertOrder, note } from "./orders.ts";
import { Problem } from "./problem.ts";

/** A request that satisfies the contract. */
export interface OrderRequest {
  readonly body: PlaceOrder;
  readonly idempotencyKey: string | undefined;
  readonly correlationId: string;
  readonly placedAt: Date;
  /** Seconds until the order is cancelled if nothing was decided. */
  readonly deadlineSeconds: number;
}

/** What became of the request. */
export interface Acceptance {
  readonly orderId: string;
  /** False when the Idempotency-Key stands for an order that was accepted before. */
  readonly isNew: boolean;
}

/**
 * Stores the order and its event, or finds the one that the request's key stands for.
 *
 * @throws `Problem` 422 for a product that is not in the catalogue; what `claimKey` throws
 */
export async function placeOrder(
  { tx, publish }: Pick<DecisionContext, "tx" | "publish">,
  request: OrderRequest,
): Promise<Acceptance> {
  const { body, idempotencyKey, correlationId, placedAt, deadlineSeconds } = request;
  const orderId = randomUUID();
  if (idempotencyKey !== undefined) {
    const claimed = await claimKey(tx, idempotencyKey, body, orderId);
    if (claimed) return { orderId: claimed.earlierOrder, isNew: false };
  }
  const { lines, total } = quoteOrRefuse(body);
  const deadline = new Date(placedAt.getTime() + deadlineSeconds * 1_000);
  await insertOrder(tx, { orderId, lines, total, customerId: body.customer_id, correlationId, placedAt, deadline });
  await note(tx, orderId, "orders.created", placedAt.toISOString());
  publish.orderCreated({
    order_id: orderId,
    items: body.items.map(({ product_id, quantity }) => ({ product_id, quantity })),
  });
  return { orderId, isNew: true };
}

function quoteOrRefuse({ items }: PlaceOrder): Quote {
  const quoted = quote(items);
  if (!("unknown" in quoted)) return quoted;
  const errors = quoted.unknown.map((position) => ({
    path: `/items/${position}/product_id`,
    message: `${JSON.stringify(items[position]?.product_id)} is not in the catalogue`,
  }));
  throw new Problem("PRODUCT_UNKNOWN", "The catalogue does not have every product of this order.", { errors });
}
