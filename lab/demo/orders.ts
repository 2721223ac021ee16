/** What the demo orders, and what has to become of it. */

export interface DemoOrder {
  /** How the trace and the table call it. */
  readonly label: string;
  readonly asked: string;
  readonly items: readonly { readonly product_id: string; readonly quantity: number }[];
  /** How often the request is sent, each time with the same Idempotency-Key. */
  readonly sent: number;
  readonly expected: { readonly status: "confirmed" | "cancelled"; readonly reason?: string };
}

/** The price, in cents, that the gateway is told to decline: one kettle. */
export const DECLINED_AMOUNT = 5_900;

export const ORDERS: readonly DemoOrder[] = [
  {
    label: "tea",
    asked: "2 packets of tea",
    items: [{ product_id: "tea-250", quantity: 2 }],
    sent: 1,
    expected: { status: "confirmed" },
  },
  {
    label: "pots",
    asked: "4 clay pots, of which there are 3",
    items: [
      { product_id: "tea-250", quantity: 1 },
      { product_id: "pot-clay", quantity: 4 },
    ],
    sent: 1,
    expected: { status: "cancelled", reason: "insufficient_stock" },
  },
  {
    label: "kettle",
    asked: "1 kettle, with a card that is declined",
    items: [{ product_id: "kettle-steel", quantity: 1 }],
    sent: 1,
    expected: { status: "cancelled", reason: "payment_failed" },
  },
  {
    label: "cups",
    asked: "3 cups, sent twice with one Idempotency-Key",
    items: [{ product_id: "cup-white", quantity: 3 }],
    sent: 2,
    expected: { status: "confirmed" },
  },
];
