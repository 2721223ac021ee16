/**
 * The gateway's own books: an append-only list of what happened to money. It is written outside the
 * system under test, so it can say what the system really did.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** An amount in the currency's minor unit. */
export interface Amount {
  readonly amount: number;
  readonly currency: string;
}

/**
 * One line of the ledger. `key` is the idempotency key that the caller chose:
 * - `captured`: the amount was taken
 * - `declined`: the card said no, and says no to this key for ever
 * - `refunded`: a captured amount was given back
 * - `voided`: the key was cancelled before anything was captured; it can never be captured any more
 */
export type LedgerEntry =
  | {
      readonly kind: "captured";
      readonly at: string;
      readonly key: string;
      readonly charge_id: string;
      readonly amount: Amount;
    }
  | { readonly kind: "declined"; readonly at: string; readonly key: string; readonly reason: DeclineReason }
  | {
      readonly kind: "refunded";
      readonly at: string;
      readonly key: string;
      readonly charge_id: string;
      readonly amount: Amount;
    }
  | { readonly kind: "voided"; readonly at: string; readonly key: string };

/** Why a card says no. */
export type DeclineReason = "declined" | "expired";

/** What the entries of one key add up to. */
export type ChargeState =
  | { readonly status: "captured" | "refunded"; readonly charge_id: string; readonly amount: Amount }
  | { readonly status: "declined"; readonly reason: DeclineReason }
  | { readonly status: "voided" };

/** An append-only list of entries with the state of every key. */
export class Ledger {
  readonly #entries: LedgerEntry[] = [];
  readonly #states = new Map<string, ChargeState>();
  readonly #file: string | undefined;

  /** With a file, entries are appended to it as JSON lines before they count, and read back at the next start. */
  constructor(file?: string) {
    this.#file = file;
    if (file === undefined || !existsSync(file)) return;
    const text = readFileSync(file, "utf8");
    for (const line of text.split("\n")) {
      const entry = parseEntry(line);
      if (entry) this.#keep(entry);
    }
    // A process that was killed mid-write leaves an unfinished last line: the next entry starts a new one.
    if (text !== "" && !text.endsWith("\n")) appendFileSync(file, "\n");
  }

  get entries(): readonly LedgerEntry[] {
    return this.#entries;
  }

  /** What became of a key; undefined when the gateway has never decided about it. */
  find(key: string): ChargeState | undefined {
    return this.#states.get(key);
  }

  append(entry: LedgerEntry): ChargeState {
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
    return this.#keep(entry);
  }

  #keep(entry: LedgerEntry): ChargeState {
    const state = stateAfter(entry);
    this.#entries.push(entry);
    this.#states.set(entry.key, state);
    return state;
  }
}

function stateAfter(entry: LedgerEntry): ChargeState {
  switch (entry.kind) {
    case "captured":
    case "refunded":
      return { status: entry.kind, charge_id: entry.charge_id, amount: entry.amount };
    case "declined":
      return { status: "declined", reason: entry.reason };
    case "voided":
      return { status: "voided" };
  }
}

/** The entry that a line holds, or undefined for a line that was never finished. */
function parseEntry(line: string): LedgerEntry | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is an entry: the file is our own, so its kind tells the rest. */
function isEntry(value: unknown): value is LedgerEntry {
  return typeof value === "object" && value !== null && "kind" in value && "key" in value;
}
