/** What customers of the load ask for. */

export type Basket = readonly { readonly product_id: string; readonly quantity: number }[];

/** One after the other: nearly all of it can be had, and there are never enough clay pots. */
const BASKETS: readonly Basket[] = [
  [{ product_id: "tea-250", quantity: 2 }],
  [{ product_id: "cup-white", quantity: 3 }],
  [
    { product_id: "tea-1000", quantity: 1 },
    { product_id: "cup-white", quantity: 2 },
  ],
  [{ product_id: "tea-250", quantity: 1 }],
  [{ product_id: "pot-clay", quantity: 4 }],
];

/** The basket of the customer with this number. */
export function basketOf(index: number): Basket {
  return BASKETS[index % BASKETS.length] ?? [];
}
