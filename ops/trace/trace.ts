/** Everything that happened to a key or a conversation, as a tree of causes. */

/** A change of a service's own state. */
export interface TraceState {
  readonly at: Date;
  readonly what: string;
  readonly detail: unknown;
}

/** A message that was given up. */
export interface TraceLetter {
  /** Its position in the stream of dead letters. */
  readonly sequence: number;
  readonly at: Date;
  readonly code: string;
  readonly error: string;
  /** As its header says: runs of the handler. */
  readonly attempts: number;
  readonly subject: string;
}

/**
 * What one service made of one event:
 * - `applied`: its effect is committed
 * - `dead letter`: given up, and not applied since
 * - `waiting`: not delivered yet
 * - `in hand`: delivered, and neither applied nor given up: a handler runs, or its next attempt is to come
 * - `parked`: delivered, and kept until those of its key that come before it are applied, replayed or discarded
 * - `gone`: settled without an effect that is remembered: passed over, or longer ago than the inbox remembers
 * - `unknown`: no broker or no database answers that could tell
 */
export type Outcome = "applied" | "dead letter" | "waiting" | "in hand" | "parked" | "gone" | "unknown";

export interface TraceReader {
  readonly service: string;
  readonly outcome: Outcome;
  /** When it was applied. */
  readonly at: Date | undefined;
  /** The version that was applied. */
  readonly version: number | undefined;
  /**
   * Handler runs on the message of one version, where somebody counted them: those it took to apply the event, or those
   * so far. A first run whose process died is in no count.
   */
  readonly runs: number | undefined;
  readonly letters: readonly TraceLetter[];
  /** What the run wrote besides. */
  readonly states: readonly TraceState[];
  /** What the run published. */
  readonly caused: readonly TraceEvent[];
}

export interface TraceEvent {
  readonly event: string;
  readonly eventId: string;
  /** The service that published it; undefined for a message that no service's tables know. */
  readonly by: string | undefined;
  readonly key: string;
  readonly occurredAt: Date;
  /** Major versions, newest first, each with its place once the stream has it. */
  readonly versions: readonly { readonly version: number; readonly sequence: number | undefined }[];
  /** Undefined while it waits in the outbox. */
  readonly stream: string | undefined;
  readonly publishedAt: Date | undefined;
  /** Why it is still in the outbox, when the broker said why. */
  readonly problem: string | undefined;
  readonly readers: readonly TraceReader[];
}

/** One conversation: what one request led to. */
export interface TraceConversation {
  readonly correlationId: string;
  /** State that no run of an event wrote: what the request itself did, or a job. */
  readonly states: readonly (TraceState & { readonly service: string })[];
  /** What no other event of the conversation caused. */
  readonly events: readonly TraceEvent[];
}
