/** What a trace is made of, as it was read. */
import type { TracedAttempts, TracedEvent, TracedParked, TracedRun, TracedState } from "@tandem/runtime/admin";
import type { Topology } from "../topology.ts";
import type { TraceLetter } from "./trace.ts";

/** What one service's tables say. */
export interface ServiceRows {
  readonly service: string;
  readonly events: readonly TracedEvent[];
  readonly runs: readonly TracedRun[];
  readonly states: readonly TracedState[];
  readonly attempts: readonly TracedAttempts[];
  readonly parked: readonly TracedParked[];
}

/** A dead letter, and whose it is. */
export interface FoundLetter extends TraceLetter {
  readonly service: string;
  /** The event's channel key. */
  readonly channel: string;
  readonly eventId: string;
}

/** How far a durable has come. */
export interface DurablePlace {
  readonly durable: string;
  /** Delivered up to here, all of it. */
  readonly deliveredSequence: number;
  /** Settled up to here, all of it. */
  readonly settledSequence: number;
}

export interface Sources {
  readonly topology: Topology;
  readonly services: readonly ServiceRows[];
  readonly letters: readonly FoundLetter[];
  /** Undefined when no broker answered. */
  readonly durables: readonly DurablePlace[] | undefined;
}
