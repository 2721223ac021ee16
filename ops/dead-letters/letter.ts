/** The shapes of dead letters as operators see them: plain data, times in milliseconds since the epoch. */

/** Who gave the message up: a durable that read it, or the publisher that could not say it in some version. */
export type Origin = "consumer" | "publisher";

export type LetterState = "open" | "replayed" | "discarded";

/** One message of a dead letter stream. */
export interface Entry {
  readonly stream: string;
  readonly sequence: number;
  readonly storedAt: number;
  readonly origin: Origin;
  readonly service: string;
  /** The event's channel key. */
  readonly channel: string;
  /** The event's name without a version. */
  readonly event: string;
  readonly version: number;
  /** The durable that gave it up; the service itself when its origin is a publisher. */
  readonly durable: string;
  /** Undefined when neither headers nor body say it. */
  readonly eventId: string | undefined;
  readonly key: string | undefined;
  /** Whether the key is not for everybody's eyes. */
  readonly hidesKey: boolean;
  readonly fingerprint: string;
  readonly code: string;
  readonly error: string;
  readonly attempts: number;
  /** When it was given up, as its headers say. */
  readonly failedAt: string;
  /** Where the message lies that was given up. */
  readonly source: { readonly stream: string; readonly sequence: number; readonly subject: string };
  readonly bytes: number;
  /** The size of a body that was too large to be kept here, in words. */
  readonly omitted: string | undefined;
  readonly messageId: string;
  /** Texts of the body that are not for everybody's eyes. */
  readonly secrets: readonly string[];
}

export type ActionKind = "replayed" | "edited" | "discarded";

/** What somebody did with a letter. */
export interface Action {
  readonly kind: ActionKind;
  /** The dead letter stream, and the sequence of the letter's latest entry at that time. */
  readonly stream: string;
  readonly letter: number;
  readonly consumer: string;
  readonly eventId: string | undefined;
  readonly fingerprint: string;
  readonly by: string;
  readonly why: string;
  readonly at: string;
  readonly replayId: string | undefined;
  /** SHA-256 of the body that an edited letter was replayed with, in hex. */
  readonly bodySha256: string | undefined;
}

/** Everything that one service said about one event that it could not take. */
export interface Letter {
  /** The sequence of its latest entry, with the stream before it where the contract has several for dead letters. */
  readonly id: string;
  readonly state: LetterState;
  /** What it says now. */
  readonly latest: Entry;
  /** Oldest first; each with the replay that it came of. */
  readonly entries: readonly (Entry & { readonly replayId: string | undefined })[];
  /** Oldest first. */
  readonly actions: readonly Action[];
}
