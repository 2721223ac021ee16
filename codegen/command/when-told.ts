/** When a process is told to end, from its terminal or from outside. */

/** npm passes on to its script what the terminal has sent to both. Two signals within so many milliseconds are one. */
const ONE_MS = 500;

/** What ends a process that nobody relies on without its terminal, besides Ctrl-C and `kill`. */
export const CLOSED_TERMINAL: readonly NodeJS.Signals[] = ["SIGHUP"];

/**
 * Aborts at the first signal to end, so that what runs can leave things in order.
 * @param again Called when it is told once more: whoever does so does not want to wait. It has to end the process.
 * @param more Signals besides SIGINT and SIGTERM.
 */
export function whenTold(again: () => never, more: readonly NodeJS.Signals[] = []): AbortSignal {
  const told = new AbortController();
  let first = 0;
  for (const signal of ["SIGINT", "SIGTERM", ...more] as const) {
    process.on(signal, () => {
      if (told.signal.aborted) {
        if (performance.now() - first > ONE_MS) again();
        return;
      }
      first = performance.now();
      told.abort();
    });
  }
  return told.signal;
}
