/** One run of a handler: the inbox row, the handler's work and what it publishes, in one transaction. */
import { performance } from "node:perf_hooks";
import type { Logger } from "pino";
import { isReplay, type Delivery } from "../broker.ts";
import { TandemError } from "../errors.ts";
import type { ReceivedEvent } from "../events/read-event.ts";
import { lockKey, recordInbox } from "../postgres/inbox.ts";
import type { Attempt } from "./attempts.ts";
import type { DeliveryDependencies, DeliveryTarget } from "./target.ts";

/** How a run ended that did not fail. */
export type RunOutcome =
  | "applied"
  /** The fact was applied before; the handler did not run. */
  | "duplicate"
  /** The process stops, and the handler had not started. */
  | "handed back";

/**
 * A function that runs the handler of a target. It rejects with what the handler or its transaction
 * throws, and with `ATTEMPTS_EXHAUSTED`, without a run, when the runs of the contract are used up.
 */
export function createRun<Publish>(
  { service, transact, runs, metrics, clock, stopping, abandoned }: DeliveryDependencies<Publish>,
  { subscription, durable, handle }: DeliveryTarget<Publish>,
): (delivery: Delivery, received: ReceivedEvent, attempt: Attempt, log: Logger) => Promise<RunOutcome> {
  const event = subscription.event.name;
  const { version } = durable.message;

  return async (delivery, { body, envelope }, attempt, log) => {
    const release = await runs.take(stopping);
    if (release === undefined) return "handed back";
    const { stream, sequence, subject, deliveryCount } = delivery;
    const { correlationId, eventId, traceparent, key } = envelope;
    const started = performance.now();
    try {
      return await transact({ correlationId, causationId: eventId, traceparent }, async ({ tx, publish }) => {
        if (subscription.orderedByKey) await lockKey(tx, service, event, key);
        const place = { stream, streamSequence: sequence };
        const first = await recordInbox(tx, { service, event, version, envelope, ...place, runs: attempt.runs });
        // With the effect, or with what is left of one: a crash must not leave a count behind that is nobody's.
        await attempt.forget(tx);
        if (!first) return "duplicate";
        // Only now: a run too many of a fact that was applied is a lost acknowledgement, no failure.
        if (attempt.exhausted) throw exhausted(attempt.runs, subscription.retry.maxAttempts);
        await handle(body, {
          tx,
          publish,
          log,
          meta: envelope,
          delivery: {
            stream,
            sequence,
            subject,
            durable: durable.name,
            attempt: deliveryCount,
            redelivered: deliveryCount > 1 || isReplay(subject),
          },
          clock,
          signal: abandoned,
        });
        return "applied";
      });
    } finally {
      metrics.handled({ event, version }, (performance.now() - started) / 1000);
      release();
    }
  };
}

function exhausted(runs: number, limit: number): TandemError {
  return new TandemError(
    "ATTEMPTS_EXHAUSTED",
    `The handler was started ${runs} times, and the contract gives ${limit}; the last time ended without an answer, as when a process dies. It did not run again.`,
  );
}
