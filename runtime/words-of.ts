/**
 * The words of anything that was thrown, for a log line or a problem that a person reads. Some errors have none of their
 * own: a refused connection to several addresses has those of each, and one that a client wrapped those of its cause.
 */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== "") return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(wordsOf).join(", ");
  return error.cause === undefined ? error.name : wordsOf(error.cause);
}
