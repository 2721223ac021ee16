/** Everything that a verdict goes by, as plain data: what was wanted, what was told, and what is written down. */
import type { LedgerEntry } from "../../gateway/ledger.ts";
import type { LoggedIntent } from "../../load/intent-log.ts";
import type { OwnEnd } from "../fleet/member.ts";
import type { Injection } from "../fleet/injections.ts";

/** So many pieces of a product. */
export interface BookedLine {
  readonly productId: string;
  readonly quantity: number;
}

/** An order as the order service has it. */
export interface BookedOrder {
  readonly orderId: string;
  /** Of its Idempotency-Key; undefined when it has none. */
  readonly key: string | undefined;
  readonly stage: string;
  readonly reason: string | undefined;
  /** Minor units. */
  readonly total: number;
  /** Milliseconds since the epoch. */
  readonly placedAt: number;
  readonly lines: readonly BookedLine[];
}

/** A reservation as inventory has it. */
export interface BookedReservation {
  readonly orderId: string;
  readonly state: string;
  readonly lines: readonly BookedLine[];
}

/** The stock of a product. */
export interface BookedStock {
  readonly productId: string;
  readonly available: number;
  readonly reserved: number;
  readonly sold: number;
}

/** A charge as payment has it. */
export interface BookedCharge {
  readonly orderId: string;
  readonly state: string;
  readonly amount: number | undefined;
  readonly reason: string | undefined;
}

/** A dead letter. */
export interface BookedLetter {
  readonly id: string;
  readonly state: string;
  readonly durable: string;
  readonly service: string;
  readonly eventId: string;
  readonly code: string;
}

/** A version of an event as often as it is on its stream. */
export interface StoredOften {
  readonly stream: string;
  readonly subject: string;
  readonly eventId: string;
  readonly times: number;
}

export interface Books {
  /** What customers wanted, and were told. */
  readonly intents: readonly LoggedIntent[];
  /** What the gateway did, by its own ledger. */
  readonly ledger: readonly LedgerEntry[];
  readonly orders: readonly BookedOrder[];
  readonly reservations: readonly BookedReservation[];
  readonly stock: readonly BookedStock[];
  readonly charges: readonly BookedCharge[];
  readonly letters: readonly BookedLetter[];
  /** What is on the streams more than once. */
  readonly repeated: readonly StoredOften[];
  /** What the run did itself. */
  readonly injected: readonly Injection[];
  readonly deletedStreams: ReadonlySet<string>;
  readonly ownEnds: readonly OwnEnd[];
}
