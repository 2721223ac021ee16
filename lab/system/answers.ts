/**
 * What the reference system and its gateway answer over HTTP, as their types. Enough of each is looked at
 * to go on; that all of it is as the contract says is the contract tests' affair.
 */
import type { OrderStatus } from "#generated/http/get-order.ts";
import type { OrderAccepted } from "#generated/http/place-order.ts";
import type { LedgerEntry } from "../gateway/ledger.ts";

/** @throws when the answer is no OrderAccepted */
export async function readAccepted(response: Response): Promise<OrderAccepted> {
  const body = await response.json();
  if (!isAccepted(body)) throw new Error(`POST /orders answered ${response.status}: ${JSON.stringify(body)}`);
  return body;
}

/** @throws when the answer is no OrderStatus */
export async function readStatus(response: Response): Promise<OrderStatus> {
  const body = await response.json();
  if (!isStatus(body)) throw new Error(`GET /orders answered ${response.status}: ${JSON.stringify(body)}`);
  return body;
}

/** @throws when the answer is no ledger */
export async function readLedger(response: Response): Promise<readonly LedgerEntry[]> {
  const body = await response.json();
  if (!isLedger(body)) throw new Error(`The gateway answered ${response.status}: ${JSON.stringify(body)}`);
  return body.entries;
}

function isAccepted(value: unknown): value is OrderAccepted {
  return typeof value === "object" && value !== null && "order_id" in value && typeof value.order_id === "string";
}

function isStatus(value: unknown): value is OrderStatus {
  return typeof value === "object" && value !== null && "history" in value && Array.isArray(value.history);
}

function isLedger(value: unknown): value is { readonly entries: readonly LedgerEntry[] } {
  return typeof value === "object" && value !== null && "entries" in value && Array.isArray(value.entries);
}
