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
  /** Why requests had to be sent again: the process that they went to was stopping. */
  readonly resent: readonly string[];
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
  const resent: string[] = [];

  const send = () => {
    const items = BASKETS[sent % BASKETS.length] ?? [];
    sent += 1;
    if (sent >= limit) clearInterval(timer);
    const sending = sendOne(url, items, (why) => void resent.push(why)).then(
      (id) => void accepted.push({ id, items }),
      (error: unknown) => void refused.push(inWords(error)),
    );
    underWay.add(sending);
    void sending.finally(() => underWay.delete(sending));
  };
  const timer = setInterval(send, 1_000 / perSecond);

  return {
    accepted,
    refused,
    resent,
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

async function sendOne(url: () => string, items: DemoOrder["items"], onResend: (why: string) => void): Promise<string> {
  const key = `evolution-${randomUUID()}`;
  for (let tries = 1; ; tries += 1) {
    try {
      return (await placeOrder(url(), demoOrder(items), key)).id;
    } catch (error) {
      if (tries === TRIES) throw error;
      onResend(inWords(error));
      await delay(RETRY_MS);
    }
  }
}

/** `fetch` says in the cause what went wrong. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function demoOrder(items: DemoOrder["items"]): DemoOrder {
  const label = items.map(({ product_id, quantity }) => `${quantity} ${product_id}`).join(", ");
  return { label, asked: label, items, sent: 1, expected: { status: "confirmed" } };
}
