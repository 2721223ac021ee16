/** The customer's side of the demo: places orders over HTTP and asks what became of them. */
import type { OrderStatus } from "#generated/http/get-order.ts";
import { readAccepted, readStatus } from "../system/answers.ts";
import type { DemoOrder } from "./orders.ts";

/** An order is asked for at this pace until it is decided, milliseconds. */
const POLL_MS = 20;

/** An order that the service took in. */
export interface PlacedOrder {
  readonly order: DemoOrder;
  readonly correlationId: string;
  readonly id: string;
  /** Different ids that the service answered; 1 when it kept its word about the Idempotency-Key. */
  readonly ids: number;
  /** When the first request was sent, milliseconds since the epoch. */
  readonly sentAt: number;
}

/** @throws when the service does not answer 202 */
export async function placeOrder(url: string, order: DemoOrder, correlationId: string): Promise<PlacedOrder> {
  const sentAt = Date.now();
  const ids: string[] = [];
  for (let n = 0; n < order.sent; n += 1) {
    const response = await fetch(`${url}/orders`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-correlation-id": correlationId,
        "idempotency-key": correlationId,
      },
      body: JSON.stringify({ items: order.items }),
    });
    if (response.status !== 202) throw new Error(`POST /orders answered ${response.status}: ${await response.text()}`);
    ids.push((await readAccepted(response)).order_id);
  }
  const [id] = ids;
  if (id === undefined) throw new Error(`The order "${order.label}" was never sent.`);
  return { order, correlationId, id, ids: new Set(ids).size, sentAt };
}

/**
 * Waits until the order is confirmed or cancelled.
 *
 * @throws when it is still undecided at the limit, or the service does not know it
 */
export async function decided(url: string, { id, order }: PlacedOrder, limitMs: number): Promise<OrderStatus> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const response = await fetch(`${url}/orders/${id}`);
    if (!response.ok) throw new Error(`GET /orders/${id} answered ${response.status}: ${await response.text()}`);
    const status = await readStatus(response);
    if (status.status !== "processing") return status;
    if (Date.now() > deadline)
      throw new Error(`The order "${order.label}" is undecided after ${limitMs / 1_000} s: ${JSON.stringify(status)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
