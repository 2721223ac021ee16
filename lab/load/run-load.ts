/** A load: orders at a steady rate, each written down before it is sent, and how long they took. */
import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { basketOf } from "./baskets.ts";
import { openIntentLog } from "./intent-log.ts";
import { openLoop } from "./open-loop.ts";
import { sendOrder, type Outcome, type SendOptions } from "./send-order.ts";

export interface LoadOptions extends SendOptions {
  /** Orders for each second. */
  readonly rate: number;
  readonly seconds: number;
  /** Where intent is written down. */
  readonly logFile: string;
  /** Sends no more when it aborts. */
  readonly signal?: AbortSignal;
}

/** What came of it. */
export interface LoadResult {
  readonly intended: number;
  readonly outcomes: Readonly<Record<Outcome["kind"], number>>;
  /** Of refusals by status, and of missing answers by reason. */
  readonly reasons: ReadonlyMap<string, number>;
  /** From when each was to start to its answer, whatever that was; milliseconds. */
  readonly latenciesMs: readonly number[];
}

/** Runs a load, and resolves when the last request was answered. */
export async function runLoad({ rate, seconds, logFile, signal, ...sending }: LoadOptions): Promise<LoadResult> {
  const log = await openIntentLog(logFile);
  const outcomes = { accepted: 0, refused: 0, "no answer": 0 };
  const reasons = new Map<string, number>();
  const latenciesMs: number[] = [];
  const keys: string[] = [];
  const zero = Date.now() - performance.now();
  try {
    await openLoop({
      ...{ rate, count: Math.round(rate * seconds), now: () => performance.now() },
      sleep: async (ms) => {
        await delay(ms, undefined, signal && { signal }).catch(() => undefined);
      },
      send: async (index, intendedAt) => {
        const idempotencyKey = `load-${randomUUID()}`;
        keys[index] = idempotencyKey;
        const body = { items: basketOf(index) };
        await log.intend({ intendedAt: new Date(zero + intendedAt).toISOString(), idempotencyKey, body });
        return sendOrder(sending, { idempotencyKey, body });
      },
      onDone: (index, latencyMs, outcome) => {
        log.answered(keys[index] ?? "", outcome, latencyMs);
        latenciesMs.push(latencyMs);
        outcomes[outcome.kind] += 1;
        if (outcome.kind === "accepted") return;
        const reason = outcome.kind === "refused" ? `status ${outcome.status}` : outcome.reason;
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      },
      ...(signal && { signal }),
    });
  } finally {
    await log.close();
  }
  return { intended: keys.length, outcomes, reasons, latenciesMs };
}
