/** Compares what became of the orders with what had to. */
import type { OrderStatus } from "#generated/http/get-order.ts";
import type { LedgerEntry } from "../gateway/ledger.ts";
import type { PlacedOrder } from "./shop.ts";
import type { TracedDeadLetter } from "./trace.ts";

export interface Outcome {
  readonly placed: PlacedOrder;
  readonly status: OrderStatus;
}

/** Everything that is not as expected, in sentences; empty when all is well. */
export function findFaults(
  outcomes: readonly Outcome[],
  ledger: readonly LedgerEntry[],
  deadLetters: readonly TracedDeadLetter[],
): readonly string[] {
  return [
    ...outcomes.flatMap((outcome) => [...faultsOfState(outcome), ...faultsOfCharge(outcome, ledger)]),
    ...deadLetters.map(({ subject, reason }) => `A dead letter on ${subject}: ${reason}`),
  ];
}

function faultsOfState({ placed: { order, ids }, status }: Outcome): readonly string[] {
  const faults: string[] = [];
  const { expected } = order;
  if (status.status !== expected.status || status.reason !== expected.reason) {
    faults.push(`"${order.label}" should be ${inWords(expected)} and is ${inWords(status)}.`);
  }
  if (ids !== 1)
    faults.push(`"${order.label}" was sent ${order.sent} times with one Idempotency-Key and became ${ids} orders.`);
  return faults;
}

// The gateway's own ledger, because the system under test must not be its own witness.
function faultsOfCharge({ placed: { order, id }, status }: Outcome, ledger: readonly LedgerEntry[]): readonly string[] {
  const amounts = ledger.flatMap((entry) =>
    entry.key === id && entry.kind === "captured" ? [entry.amount.amount] : [],
  );
  const wanted = order.expected.status === "confirmed" ? [status.total?.amount] : [];
  if (amounts.length === wanted.length && amounts.every((amount, n) => amount === wanted[n])) return [];
  return [`"${order.label}" should have been charged [${wanted.join()}] and was charged [${amounts.join()}].`];
}

function inWords({ status, reason }: { readonly status: string; readonly reason?: string }): string {
  return reason === undefined ? status : `${status} (${reason})`;
}
