/** One run of a handler: the inbox row, the handler's work and what it publishes, in one transaction. */
import { performance } from "node:perf_hooks";
import type { Logger } from "pino";
import { isReplay, type Delivery } from "../broker.ts";
import { TandemError } from "../errors.ts";
import type { ReceivedEvent } from "../events/read-event.ts";
import { failpoint } from "../failpoint.ts";
import { recordInbox } from "../postgres/inbox.ts";
import { askTurn, passKey } from "../postgres/key-order.ts";
import type { Attempt } from "./attempts.ts";
import { isNoRun, type RunOutcome } from "./run-outcome.ts";
import type { DeliveryDependencies, DeliveryTarget } from "./target.ts";

/**
 * A function that runs the handler of a target. It rejects with what the handler or its transaction
 * throws; without a run, with `ATTEMPTS_EXHAUSTED` when the runs of the contract are used up, and with `EVENT_STALE`
 * when a later event of the key was applied and the contract asks for their order.
 */
export function createRun<Publish>(
  { service, transact, runs, metrics, clock, stopping, abandoned, ...shared }: DeliveryDependencies<Publish>,
  { subscription, durable, handle }: DeliveryTarget<Publish>,
): (delivery: Delivery, received: ReceivedEvent, attempt: Attempt, log: Logger) => Promise<RunOutcome> {
  const { orderedByKey } = subscription;
  const event = subscription.event.name;
  const { version } = durable.message;

  return async (delivery, { body, envelope }, attempt, log) => {
    const release = await runs.take(stopping);
    if (release === undefined) return "handed back";
    const { stream, sequence, subject, deliveryCount } = delivery;
    const { correlationId, eventId, traceparent, key } = envelope;
    const line = { service, event, key };
    /** Whether an event of the key is parked. */
    let waits = false;
    const started = performance.now();
    const ended = (): void => {
      metrics.handled({ event, version }, (performance.now() - started) / 1000);
      if (orderedByKey) shared.keyWaiting.ended(lineOf(event, key));
    };
    try {
      const outcome = await transact<RunOutcome>(
        { correlationId, causationId: eventId, traceparent },
        async ({ tx, publish }) => {
          if (orderedByKey) {
            const turn = await askTurn(tx, line, envelope);
            if (turn === "stale") throw stale(envelope.sequence, durable.message.type);
            if (turn !== "turn") return turn;
          }
          const place = { stream, streamSequence: sequence };
          const first = await recordInbox(tx, { service, event, version, envelope, ...place, runs: attempt.runs });
          // With the effect, or with what is left of one: a crash must not leave a count behind that is nobody's.
          await attempt.forget(tx);
          if (orderedByKey && !first) waits = await passKey(tx, line, envelope);
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
          if (orderedByKey) waits = await passKey(tx, line, envelope);
          return "applied";
        },
      );
      if (waits) {
        FAILPOINT: failpoint("after-applied-before-release");
        shared.parkedEvents.release(event, key);
      }
      if (!isNoRun(outcome)) ended();
      return outcome;
    } catch (error) {
      ended();
      throw error;
    } finally {
      release();
    }
  };
}

/** What the waiting deliveries of a key are known by in a process. */
export function lineOf(event: string, key: string): string {
  return JSON.stringify([event, key]);
}

function exhausted(runs: number, limit: number): TandemError {
  return new TandemError(
    "ATTEMPTS_EXHAUSTED",
    `The handler was started ${runs} times, and the contract gives ${limit}; the last time ended without an answer, as when a process dies. It did not run again.`,
  );
}

function stale(sequence: number | undefined, type: string): TandemError {
  return new TandemError(
    "EVENT_STALE",
    `A later event of its key was applied before ${type} with sequence ${sequence}, and the contract asks for their order. The handler did not run; discard the letter, or make up by hand for what it would have done.`,
  );
}
