/** What the gateway does with money: capture once per key, give back once per key. */
import { randomUUID } from "node:crypto";
import type { Amount, ChargeState, DeclineReason, Ledger } from "./ledger.ts";

/** Takes the amount, unless something was decided for this key before: then that is the answer. */
export function capture(ledger: Ledger, key: string, amount: Amount): ChargeState | "conflict" {
  const known = ledger.find(key);
  if (known) return isSame(known, amount) ? known : "conflict";
  return ledger.append({ kind: "captured", at: now(), key, charge_id: `ch_${randomUUID()}`, amount });
}

/** Says no to this key for good, unless something was decided for it before. */
export function decline(ledger: Ledger, key: string, reason: DeclineReason): ChargeState {
  return ledger.find(key) ?? ledger.append({ kind: "declined", at: now(), key, reason });
}

/**
 * Gives back what the key captured. A key that captured nothing yet is voided, so that a capture
 * still on its way finds the door shut.
 */
export function release(ledger: Ledger, key: string): ChargeState {
  const known = ledger.find(key);
  if (!known) return ledger.append({ kind: "voided", at: now(), key });
  if (known.status !== "captured") return known;
  return ledger.append({ kind: "refunded", at: now(), key, charge_id: known.charge_id, amount: known.amount });
}

function isSame(known: ChargeState, amount: Amount): boolean {
  if (known.status !== "captured" && known.status !== "refunded") return true;
  return known.amount.amount === amount.amount && known.amount.currency === amount.currency;
}

function now(): string {
  return new Date().toISOString();
}
