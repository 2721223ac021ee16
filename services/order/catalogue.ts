/** What can be ordered, and what it costs. */
import type { Money } from "#generated/schemas/money.ts";

/** A line of an order with the price that held when it was placed. */
export interface PricedLine {
  readonly product_id: string;
  readonly quantity: number;
  /** Of one piece, in the minor unit of the catalogue's currency. */
  readonly unit_price: number;
}

/** What an order comes to. */
export interface Quote {
  readonly lines: readonly PricedLine[];
  readonly total: Money;
}

const CURRENCY: Money["currency"] = "EUR";

/** Prices of one piece, in cents. */
const PRICES: ReadonlyMap<string, number> = new Map([
  ["tea-250", 450],
  ["tea-1000", 1_500],
  ["cup-white", 700],
  ["pot-clay", 3_400],
  ["kettle-steel", 5_900],
]);

/** The price of the items; or the positions of those that the catalogue does not have. */
export function quote(
  items: readonly { readonly product_id: string; readonly quantity: number }[],
): Quote | { readonly unknown: readonly number[] } {
  const lines: PricedLine[] = [];
  const unknown: number[] = [];
  for (const [position, { product_id, quantity }] of items.entries()) {
    const unit_price = PRICES.get(product_id);
    if (unit_price === undefined) unknown.push(position);
    else lines.push({ product_id, quantity, unit_price });
  }
  if (unknown.length > 0) return { unknown };
  const amount = lines.reduce((sum, line) => sum + line.quantity * line.unit_price, 0);
  return { lines, total: { amount, currency: CURRENCY } };
}
