/** What the services' own logs tell of a run, as counts. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

export interface LogCounts {
  /** Runs of handlers that came to their end. */
  readonly handled: number;
  /** Of those and of what was suppressed: deliveries that were not the first of their message. */
  readonly redelivered: number;
  /** Deliveries of what was applied before. */
  readonly suppressed: number;
  /** Times that a delivery was kept in hand because something did not answer. */
  readonly held: number;
  /** Runs that failed and were tried again. */
  readonly retried: number;
}

const HANDLED = "handled";
const SUPPRESSED = "handled before, not again";
const HELD = "held: what the handler needs does not answer";
const RETRIED = "the handler failed; it is tried again";

/** Counts over the logs of all replicas. */
export async function countLogs(files: readonly string[]): Promise<LogCounts> {
  const counts = { handled: 0, redelivered: 0, suppressed: 0, held: 0, retried: 0 };
  for (const file of files) {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const { msg, delivery } = parse(line);
      if (msg === HANDLED) counts.handled += 1;
      if (msg === SUPPRESSED) counts.suppressed += 1;
      if ((msg === HANDLED || msg === SUPPRESSED) && delivery > 1) counts.redelivered += 1;
      if (msg === HELD) counts.held += 1;
      if (msg === RETRIED) counts.retried += 1;
    }
  }
  return counts;
}

/** A line of a process that was killed may be cut off. */
function parse(line: string): { readonly msg: string; readonly delivery: number } {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return { msg: "", delivery: 0 };
    return {
      msg: "msg" in value ? String(value.msg) : "",
      delivery: "delivery" in value ? Number(value.delivery) : 0,
    };
  } catch {
    return { msg: "", delivery: 0 };
  }
}
