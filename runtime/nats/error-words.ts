/** The words of anything thrown, for a state or a problem that a person reads. The client wraps some errors without any. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === "" && error.cause !== undefined ? wordsOf(error.cause) : error.message || error.name;
}
