/** One order over HTTP, and what became of the request. */
import { setTimeout as delay } from "node:timers/promises";
import type { Intent } from "./intent-log.ts";

/**
 * What a customer was told:
 * - `accepted`: 202, with the order's id
 * - `refused`: another status
 * - `no answer`: nobody knows whether there is an order
 */
export type Outcome =
  | { readonly kind: "accepted"; readonly orderId: string; readonly tries: number }
  | { readonly kind: "refused"; readonly status: number; readonly text: string; readonly tries: number }
  | { readonly kind: "no answer"; readonly reason: string; readonly tries: number };

/** How orders are sent. */
export interface SendOptions {
  /** The public door, for example `http://127.0.0.1:3000`. */
  readonly url: string;
  /** For one try, milliseconds. */
  readonly timeoutMs: number;
  /** Further tries with the same Idempotency-Key, where there was no answer or one that asks to come back. */
  readonly retries: number;
}

const RETRY_MS = 100;
const LONGEST_TEXT = 200;

/** Sends an order. Never rejects. */
export async function sendOrder(
  { url, timeoutMs, retries }: SendOptions,
  { idempotencyKey, body }: Pick<Intent, "idempotencyKey" | "body">,
): Promise<Outcome> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await tryOnce(url, timeoutMs, idempotencyKey, JSON.stringify(body), tries);
    if (tries > retries || !isWorthAnother(outcome)) return outcome;
    await delay(RETRY_MS);
  }
}

async function tryOnce(
  url: string,
  timeoutMs: number,
  idempotencyKey: string,
  body: string,
  tries: number,
): Promise<Outcome> {
  try {
    const response = await fetch(`${url}/orders`, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": idempotencyKey },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (response.status !== 202) {
      return { kind: "refused", status: response.status, text: text.slice(0, LONGEST_TEXT), tries };
    }
    const orderId = orderIdIn(text);
    if (orderId === undefined) return { kind: "no answer", reason: "202 without an order_id", tries };
    return { kind: "accepted", orderId, tries };
  } catch (error) {
    return { kind: "no answer", reason: inWords(error), tries };
  }
}

function isWorthAnother(outcome: Outcome): boolean {
  if (outcome.kind === "refused") return outcome.status === 409 || outcome.status === 429 || outcome.status >= 500;
  return outcome.kind === "no answer";
}

function orderIdIn(text: string): string | undefined {
  const body: unknown = JSON.parse(text);
  const isOrder = typeof body === "object" && body !== null && "order_id" in body;
  return isOrder && typeof body.order_id === "string" ? body.order_id : undefined;
}

/** `fetch` says in the cause what went wrong. */
function inWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
