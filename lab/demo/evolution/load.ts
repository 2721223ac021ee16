/** Customers: orders at a steady pace, whatever becomes of the earlier ones, over however many releases. */
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { OrderStatus } from "#generated/http/get-order.ts";
import { decided, placeOrder } from "../shop.ts";
import type { DemoOrder } from "../orders.ts";

/** A request that a stopping process did not take is sent again, with the same Idempotency-Key, so often. */
const TRIES = 20;
const RETRY_MS = 100;

/** What is asked for, one after the other: most of it can be had. */
const BASKETS: readonly DemoOrder["items"][] = [
  [{ product_id: "tea-250", quantity: 2 }],
  [{ product_id: "cup-white", quantity: 3 }],
  [
    { product_id: "tea-1000", quantity: 1 },
    { product_id: "cup-white", quantity: 2 },
  ],
  [{ product_id: "kettle-steel", quantity: 1 }],
  [{ product_id: "tea-250", quantity: 5 }],
  [{ product_id: "pot-clay", quantity: 4 }],
];

export interface LoadOptions {
  /** The door to send to at this moment. */
  readonly url: () => string;
  readonly perSecond: number;
  /** After so many orders it sends no more. */
  readonly limit: number;
}

/** An order that was accepted. */
export interface AcceptedOrder {
  readonly id: string;
  readonly items: DemoOrder["items"];
}

export interface Load {
  /** Accepted so far. */
  readonly accepted: readonly AcceptedOrder[];
  /** Orders that no try brought through, as sentences. */
  readonly refused: readonly string[];
  /** Requests that had to be sent again, because the process that they went to was stopping. */
  readonly retries: number;
  /** Sends no more, and waits for the answers that are under way. */
  stop(): Promise<void>;
  /** What became of every accepted order: waits until each is decided. */
  outcomes(limitMs: number): Promise<readonly OrderStatus[]>;
}

/** Starts to send. An open loop: a slow answer does not slow the next request down. */
export function startLoad({ url, perSecond, limit }: LoadOptions): Load {
  const accepted: AcceptedOrder[] = [];
  const refused: string[] = [];
  const underWay = new Set<Promise<void>>();
  let sent = 0;
  let retries = 0;

  const send = () => {
    const items = BASKETS[sent % BASKETS.length] ?? [];
    sent += 1;
    if (sent >= limit) clearInterval(timer);
    const sending = sendOne(url, items, () => (retries += 1)).then(
      (id) => void accepted.push({ id, items }),
      (error: unknown) => void refused.push(error instanceof Error ? error.message : String(error)),
    );
    underWay.add(sending);
    void sending.finally(() => underWay.delete(sending));
  };
  const timer = setInterval(send, 1_000 / perSecond);

  return {
    accepted,
    refused,
    get retries() {
      return retries;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
    },
    async outcomes(limitMs) {
      const deadline = Date.now() + limitMs;
      const found: OrderStatus[] = [];
      for (const { id, items } of accepted) {
        found.push(
          await decided(
            url(),
            { order: demoOrder(items), correlationId: id, id, ids: 1, sentAt: 0 },
            Math.max(0, deadline - Date.now()),
          ),
        );
      }
      return found;
    },
  };
}

async function sendOne(url: () => string, items: DemoOrder["items"], onRetry: () => void): Promise<string> {
  const key = `evolution-${randomUUID()}`;
  for (let tries = 1; ; tries += 1) {
    try {
      return (await placeOrder(url(), demoOrder(items), key)).id;
    } catch (error) {
      if (tries === TRIES) throw error;
      onRetry();
      await delay(RETRY_MS);
    }
  }
}

function demoOrder(items: DemoOrder["items"]): DemoOrder {
  const label = items.map(({ product_id, quantity }) => `${quantity} ${product_id}`).join(", ");
  return { label, asked: label, items, sent: 1, expected: { status: "confirmed" } };
}
