/** The gateway as its ledger remembers it: asked again, it answers what it decided then. */
import type { LedgerEntry } from "../../gateway/ledger.ts";
import type { Gateway } from "../../../services/payment/gateway.ts";
import type { GatewayAnswer } from "../../../services/payment/gateway-answer.ts";

/**
 * Answers from a ledger. A charge gets what was decided first of the order, a release what came of it at last.
 *
 * @throws when it is asked for an order of which the ledger knows nothing: then the replay asks what nobody asked
 */
export function recordedGateway(ledger: readonly LedgerEntry[]): Gateway {
  const ofOrder = Map.groupBy(ledger, ({ key }) => key);
  const answer = (orderId: string, entry: LedgerEntry | undefined): GatewayAnswer => {
    switch (entry?.kind) {
      case undefined:
        throw new Error(`The gateway was never asked for money of order ${orderId}.`);
      case "captured":
      case "refunded":
        return { status: entry.kind, chargeId: entry.charge_id, amount: moneyOf(entry.amount) };
      case "declined":
        return { status: "declined", reason: entry.reason };
      case "voided":
        return { status: "voided" };
    }
  };
  return {
    charge: async (orderId) => answer(orderId, ofOrder.get(orderId)?.at(0)),
    release: async (orderId) => answer(orderId, ofOrder.get(orderId)?.at(-1)),
  };
}

/** Only euros are charged here. */
function moneyOf({ amount }: { readonly amount: number }) {
  return { amount, currency: "EUR" } as const;
}
