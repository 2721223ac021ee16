/** What a run put on the streams itself, which nobody committed: its own doing must not be held against the system. */
import { appendFileSync } from "node:fs";

/**
 * - `poison`: nothing that a consumer of it could take
 * - `duplicate`: an event once more, under another message id, as after the duplicate window
 */
export interface Injection {
  readonly kind: "poison" | "duplicate";
  readonly stream: string;
  readonly subject: string;
  /** As its headers say. */
  readonly eventId: string;
  /** Durables that must make a dead letter of it. */
  readonly durables: readonly string[];
  /** What is wrong with it, in words. */
  readonly says: string;
}

export interface Injections {
  readonly all: readonly Injection[];
  /** Streams that were deleted, with what was on them. */
  readonly deletedStreams: ReadonlySet<string>;
  add(injection: Injection): void;
  deleted(stream: string): void;
}

/** Keeps them in a file besides. */
export function openInjections(file: string): Injections {
  const all: Injection[] = [];
  const deletedStreams = new Set<string>();
  const write = (line: object): void => appendFileSync(file, `${JSON.stringify(line)}\n`);
  return {
    all,
    deletedStreams,
    add(injection) {
      all.push(injection);
      write(injection);
    },
    deleted(stream) {
      deletedStreams.add(stream);
      write({ deleted: stream });
    },
  };
}
