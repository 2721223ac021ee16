/** For how long history is kept: what follows from the streams of a contract. */
import type { Topology } from "./topology.ts";

/** Times in milliseconds. */
export interface Retention {
  /** How long a fact is remembered as applied. */
  readonly inboxForMs: number;
  /** How long a published event can be published again from the outbox's history. */
  readonly publishedForMs: number;
}

const DAY_MS = 86_400_000;

/**
 * A fact must be remembered for as long as it may still be delivered: while its stream keeps it, and then while its
 * dead letter can be replayed. A published event must be kept for as long as its stream should have it. A day more
 * than that, so that no clock decides. Infinite where a stream keeps its messages for ever.
 */
export function retentionOf({ streams, consumers }: Topology): Retention {
  const deadLetters = consumers.map(({ deadLetterSubject }) => deadLetterSubject);
  const isForDeadLetters = (subjects: readonly string[]): boolean =>
    subjects.some((subject) => deadLetters.some((letter) => matches(subject, letter)));
  const longest = (chosen: typeof streams): number =>
    Math.max(0, ...chosen.map(({ maxAgeMs }) => (maxAgeMs === 0 ? Number.POSITIVE_INFINITY : maxAgeMs)));
  const events = longest(streams.filter(({ subjects }) => !isForDeadLetters(subjects)));
  const letters = longest(streams.filter(({ subjects }) => isForDeadLetters(subjects)));
  return { inboxForMs: events + letters + DAY_MS, publishedForMs: events + DAY_MS };
}

/** Whether a pattern, in which `*` is any token, matches a subject. */
export function matches(pattern: string, subject: string): boolean {
  const [wanted, tokens] = [pattern.split("."), subject.split(".")];
  return wanted.length === tokens.length && wanted.every((token, index) => token === "*" || token === tokens[index]);
}
