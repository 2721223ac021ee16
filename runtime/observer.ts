/** What a service tells of itself to somebody in its own process: a test, or a tool that watches it. */
import type { RuntimeErrorCode } from "./errors.ts";
import type { DeliveryOutcome } from "./metrics.ts";

/** One outcome of one delivery: what `tandem_events_total` counts as read, with what it was about. */
export interface DeliveryReport {
  readonly service: string;
  readonly durable: string;
  /** The event's name, for example `orders.created`. */
  readonly event: string;
  /** The version that the durable reads. */
  readonly version: number;
  readonly outcome: DeliveryOutcome;
  /** Deliveries of the message so far, this one included. */
  readonly attempt: number;
  readonly stream: string;
  readonly sequence: number;
  readonly subject: string;
  /** Undefined when the message says none that can be read, as in the three below. */
  readonly eventId: string | undefined;
  readonly correlationId: string | undefined;
  readonly causationId: string | undefined;
  readonly key: string | undefined;
  /** Why it was retried, held or given up: what was thrown. */
  readonly error?: unknown;
  /** The code of a dead letter. */
  readonly code?: RuntimeErrorCode;
  /** How long it waits when it is retried or held, milliseconds. */
  readonly delayMs?: number | undefined;
}

/** Hears of a service as it runs. Called in the midst of the work: what it does must be quick and must not throw. */
export interface ServiceObserver {
  /** Called for each outcome, when it is certain and before the broker is told. */
  delivered?(report: DeliveryReport): void;
  /** Called with each log line of level info and above, as JSON, whatever `LOG_LEVEL` says. */
  logged?(line: string): void;
}
