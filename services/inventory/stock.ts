/** Stock and its books. Everything here runs inside the transaction of its caller. */
import type { Transaction } from "@tandem/runtime";

/** So many pieces of a product. */
export interface Line {
  readonly product_id: string;
  readonly quantity: number;
}

/** A product of which there is too little. */
export interface Shortage {
  readonly product_id: string;
  readonly wanted: number;
  readonly available: number;
}

/** One line for each product, however often an order names it. */
export function byProduct(lines: readonly Line[]): readonly Line[] {
  const quantities = new Map<string, number>();
  for (const { product_id, quantity } of lines)
    quantities.set(product_id, (quantities.get(product_id) ?? 0) + quantity);
  return [...quantities].map(([product_id, quantity]) => ({ product_id, quantity }));
}

/**
 * Reserves every line, or none: then it answers what is missing. Each product at most once.
 *
 * The rows are locked before they are compared, so nobody sells between the look and the reservation,
 * and in the order of their ids, so two orders with the same products cannot wait for each other.
 */
export async function reserveAll(tx: Transaction, lines: readonly Line[]): Promise<readonly Shortage[]> {
  const available = await lockStock(tx, lines);
  const missing = lines
    .map(({ product_id, quantity }) => ({ product_id, wanted: quantity, available: available.get(product_id) ?? 0 }))
    .filter((line) => line.available < line.wanted);
  if (missing.length === 0)
    await move(tx, lines, "available = available - line.quantity, reserved = reserved + line.quantity");
  return missing;
}

/** What was reserved is sold. */
export async function sell(tx: Transaction, lines: readonly Line[]): Promise<void> {
  await lockStock(tx, lines);
  await move(tx, lines, "reserved = reserved - line.quantity, sold = sold + line.quantity");
}

/** What was reserved is available again. */
export async function release(tx: Transaction, lines: readonly Line[]): Promise<void> {
  await lockStock(tx, lines);
  await move(tx, lines, "reserved = reserved - line.quantity, available = available + line.quantity");
}

/** Locks the products of the lines and answers how many pieces of each are available. */
async function lockStock(tx: Transaction, lines: readonly Line[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await tx.query<{ product_id: string; available: string }>({
    name: "stock-lock",
    text: "select product_id, available from stock where product_id = any($1::text[]) order by product_id for update",
    // PostgreSQL refuses a text with U+0000, so no product has such an id.
    values: [lines.map((line) => line.product_id).filter((id) => !id.includes("\0"))],
  });
  return new Map(rows.map(({ product_id, available }) => [product_id, Number(available)]));
}

async function move(tx: Transaction, lines: readonly Line[], change: string): Promise<void> {
  await tx.query(
    `update stock set ${change}
       from unnest($1::text[], $2::bigint[]) as line (product_id, quantity)
      where stock.product_id = line.product_id`,
    [lines.map((line) => line.product_id), lines.map((line) => line.quantity)],
  );
}
