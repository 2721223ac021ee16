/**
 * Closes the door to what publishes while too much of what was accepted still waits to be published: a promise that
 * cannot be kept soon is better not given. Nothing that was accepted is lost; it waits in the outbox.
 */
import type { IncomingMessage } from "node:http";
import type { Logger } from "pino";
import type { Refusal } from "./admission.ts";

/** What closes and opens. */
export interface Backpressure {
  /** The refusal of a request while the door is closed to it. */
  readonly refuse: (request: IncomingMessage) => Refusal | undefined;
  /** Looks at the backlog until the signal aborts. Never rejects. */
  watch(backlog: Backlog): Promise<void>;
}

/** Where the age of the backlog is found. */
export interface Backlog {
  /** Seconds that the oldest event has waited; rejects when nobody knows. */
  readonly oldestAge: () => Promise<number>;
  readonly log: Logger;
  /** Aborts when the service stops. */
  readonly stopping: AbortSignal;
}

const LOOK_EVERY_MS = 1_000;
/** How long an outage lasts nobody knows, and callers who come back all at once make another one. */
const RETRY_AFTER_SECONDS = { least: 5, most: 15 };
/** Methods that change nothing, and so publish nothing. */
const READING = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * Closed from when the oldest event has waited for longer than the limit until none has waited for half of it: a door
 * that opened just below the limit would close again at once.
 *
 * @param limitSeconds 0 leaves the door open whatever waits
 */
export function createBackpressure(limitSeconds: number): Backpressure {
  let closed = false;
  const look = async ({ oldestAge, log }: Backlog): Promise<void> => {
    const age = await oldestAge();
    const isLate = age > (closed ? limitSeconds / 2 : limitSeconds);
    if (isLate === closed) return;
    closed = isLate;
    const line = { oldestAgeSeconds: Math.round(age), limitSeconds };
    if (closed) log.warn(line, "too much waits to be published; requests that publish are refused");
    else log.info(line, "what waited is published; requests are taken again");
  };
  return {
    refuse: ({ method = "GET" }) => (closed && !READING.has(method) ? refusal() : undefined),
    watch: async (backlog) => {
      if (limitSeconds === 0) return;
      while (!backlog.stopping.aborted) {
        // While the database is away nobody knows, and what was known stands.
        await look(backlog).catch((error: unknown) => backlog.log.debug({ err: error }, "the backlog is not known"));
        await pause(LOOK_EVERY_MS, backlog.stopping);
      }
    },
  };
}

function refusal(): Refusal {
  const { least, most } = RETRY_AFTER_SECONDS;
  return {
    reason: "backlog",
    problem: {
      status: 503,
      title: "Service Unavailable",
      code: "BACKLOG",
      detail: "Too much of what was accepted still waits to be published; nothing of this request was done. Try again.",
      retryAfterSeconds: least + Math.floor(Math.random() * (most - least + 1)),
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(end, ms);
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
    signal.addEventListener("abort", end, { once: true });
  });
}
