/** Ends what this process started, however it ends itself. Only SIGKILL leaves something, which `orphans.ts` finds. */

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const pending = new Set<() => void>();

/**
 * Registers what to do when the process exits: by itself, by an uncaught error, or by a signal. `end` must do
 * its work before it returns, since nothing asynchronous runs any more. Returns what withdraws it.
 *
 * A signal ends the process only when nobody else listens to it: a program with a shutdown of its own
 * decides itself when to exit, and `end` runs then.
 */
export function atProcessEnd(end: () => void): () => void {
  if (pending.size === 0) listen();
  pending.add(end);
  return () => {
    if (pending.delete(end) && pending.size === 0) unlisten();
  };
}

function listen(): void {
  process.on("exit", endAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function unlisten(): void {
  process.off("exit", endAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function endAll(): void {
  for (const end of pending) {
    pending.delete(end);
    try {
      end();
    } catch {
      // The others must end as well.
    }
  }
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  endAll();
  unlisten();
  // Sent again without a listener, so that whoever waits for this process sees what ended it.
  process.kill(process.pid, signal);
}
