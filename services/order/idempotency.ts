/** The Idempotency-Key: the same key answers the same order, whoever comes first and however many come at once. */
import { createHash } from "node:crypto";
import type { Transaction } from "@tandem/runtime";
import type { PlaceOrder } from "#generated/http/place-order.ts";
import { Problem } from "./problem.ts";

/** How long a request waits for another one with its key before it is told to come back. */
const WAIT_MS = 2_000;

/**
 * Claims a key for a new order in the transaction that will store it, or answers the order that the key
 * already stands for.
 *
 * While another request with the key is in its transaction, this one waits for its outcome: if that
 * commits, both answer one order; if it fails, this one places the order. So there are never two orders,
 * and a request that was refused leaves its key free.
 *
 * @throws `Problem` 422 when the key was used with another body, 409 when the wait took too long
 */
export async function claimKey(
  tx: Transaction,
  key: string,
  body: PlaceOrder,
  orderId: string,
): Promise<{ readonly earlierOrder: string } | undefined> {
  const fingerprint = fingerprintOf(body);
  if (await insertKey(tx, key, fingerprint, orderId)) return undefined;
  // The row is committed, and rows of this table never go away: it is there.
  const { rows } = await tx.query<{ order_id: string; fingerprint: string }>({
    name: "idempotency-find",
    text: "select order_id, fingerprint from idempotency_keys where key = $1",
    values: [key],
  });
  const [earlier] = rows;
  if (earlier?.fingerprint !== fingerprint) {
    throw new Problem(
      "IDEMPOTENCY_KEY_REUSED",
      "This Idempotency-Key was used with another body. Use a new key for a new order.",
    );
  }
  return { earlierOrder: earlier.order_id };
}

async function insertKey(tx: Transaction, key: string, fingerprint: string, orderId: string): Promise<boolean> {
  await tx.query(`set local lock_timeout to ${WAIT_MS}`);
  try {
    const { rowCount } = await tx.query({
      name: "idempotency-claim",
      text: "insert into idempotency_keys (key, fingerprint, order_id) values ($1, $2, $3) on conflict do nothing",
      values: [key, fingerprint, orderId],
    });
    return rowCount === 1;
  } catch (error) {
    if (!isLockTimeout(error)) throw error;
    throw new Problem(
      "IDEMPOTENCY_KEY_IN_PROGRESS",
      "Another request with this Idempotency-Key is still in progress.",
      {
        retryAfterSeconds: 1,
        cause: error,
      },
    );
  }
}

/** What makes two bodies the same: what they say, not how their JSON is laid out. */
function fingerprintOf({ items, customer_id }: PlaceOrder): string {
  const said = [items.map(({ product_id, quantity }) => [product_id, quantity]), customer_id ?? null];
  return createHash("sha256").update(JSON.stringify(said)).digest("hex");
}

/** SQLSTATE 55P03, lock_not_available. */
function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "55P03";
}
