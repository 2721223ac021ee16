/** One delivery from its bytes to its settlement. */
import { performance } from "node:perf_hooks";
import type { Logger } from "pino";
import type { Broker, Delivery, Settlement } from "../broker.ts";
import type { DurableDescriptor, SubscriptionDescriptor } from "../descriptors.ts";
import { classify, TandemError, type RuntimeErrorCode } from "../errors.ts";
import { peekEventId } from "../events/envelope.ts";
import { oneLine } from "../events/one-line.ts";
import { readEvent, type ReceivedEvent } from "../events/read-event.ts";
import type { HandlerContext } from "../handler.ts";
import type { EventLabels, Metrics } from "../metrics.ts";
import { lockKey, recordInbox } from "../postgres/inbox.ts";
import type { Transact } from "../postgres/unit-of-work.ts";
import { deadLetterOf, publishDeadLetter } from "./dead-letters.ts";
import { holdWhileUnavailable } from "./hold.ts";
import { retryDelay } from "./retry.ts";
import type { Slots } from "./slots.ts";

/** What every subscription of a service shares. */
export interface DeliveryDependencies<Publish> {
  readonly service: string;
  readonly broker: Broker;
  readonly transact: Transact<Publish>;
  /** Runs at once in this process, all subscriptions together: as many as there are connections for them. */
  readonly runs: Slots;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Aborts when the process is told to stop: what is only waiting is handed back. */
  readonly stopping: AbortSignal;
  /** Aborts when the grace period is over: what handlers are given. */
  readonly abandoned: AbortSignal;
}

/** One durable with its handler. */
export interface DeliveryTarget<Publish> {
  readonly subscription: SubscriptionDescriptor;
  readonly durable: DurableDescriptor;
  readonly handle: (event: unknown, context: HandlerContext<Publish>) => Promise<void>;
}

/** Delay of a delivery that is handed back because the process stops: another replica may take it. */
const HAND_BACK: Settlement = { kind: "retry", delayMs: 0 };

/**
 * What becomes of each delivery of a durable. Never rejects.
 *
 * - applied, or applied before: `ack`
 * - wrong, or beyond help, or out of attempts: stored as a dead letter, then `terminate`
 * - failed for now: `retry` with the delay of its policy
 * - something it needs is unavailable: kept in hand and run again, until it works or the process stops
 */
export function createDeliveryHandler<Publish>(
  dependencies: DeliveryDependencies<Publish>,
  target: DeliveryTarget<Publish>,
): (delivery: Delivery) => Promise<Settlement> {
  const { service, broker, transact, runs, metrics, stopping, abandoned } = dependencies;
  const { subscription, durable, handle } = target;
  const { event, retry } = subscription;
  const { message } = durable;
  const labels: EventLabels = { event: event.name, version: message.version };

  return async (delivery) => {
    const where = {
      event: message.type,
      subject: delivery.subject,
      sequence: delivery.sequence,
      delivery: delivery.deliveryCount,
    };
    let received: ReceivedEvent;
    try {
      received = readEvent(delivery, event, message);
    } catch (error) {
      const eventId = peekEventId(delivery.headers);
      return giveUp(delivery, error, eventId, dependencies.log.child({ eventId, ...where }));
    }
    const { eventId, correlationId } = received.envelope;
    return settleEvent(delivery, received, dependencies.log.child({ correlationId, eventId, ...where }));
  };

  async function settleEvent(delivery: Delivery, received: ReceivedEvent, log: Logger): Promise<Settlement> {
    try {
      if (delivery.deliveryCount > retry.maxAttempts) throw exhausted(delivery.deliveryCount, retry.maxAttempts);
      const outcome = await holdWhileUnavailable(
        (round) => run(delivery, round === 0 ? received : readEvent(delivery, event, message), log),
        {
          stopping,
          onHold: (error, delayMs) => {
            metrics.delivered(labels, "held");
            log.warn({ reason: wordsOf(error), delayMs }, "held: what the handler needs does not answer");
          },
        },
      );
      if (outcome === "handed back") return HAND_BACK;
      metrics.delivered(labels, outcome);
      log.info(outcome === "applied" ? "handled" : "handled before, not again");
      return { kind: "ack" };
    } catch (error) {
      const failure = classify(error);
      if (failure === "unavailable") return HAND_BACK;
      if (failure === "transient" && delivery.deliveryCount < retry.maxAttempts) {
        const delayMs = retryDelay(retry, delivery.deliveryCount);
        metrics.delivered(labels, "retried");
        log.warn({ err: error, delayMs }, "the handler failed; it is tried again");
        return { kind: "retry", delayMs };
      }
      return giveUp(delivery, error, received.envelope.eventId, log);
    }
  }

  /** One run of the handler in its own transaction. */
  async function run(
    delivery: Delivery,
    { body, envelope }: ReceivedEvent,
    log: Logger,
  ): Promise<"applied" | "duplicate" | "handed back"> {
    const release = await runs.take(stopping);
    if (release === undefined) return "handed back";
    const started = performance.now();
    try {
      const cause = {
        correlationId: envelope.correlationId,
        causationId: envelope.eventId,
        traceparent: envelope.traceparent,
      };
      return await transact(cause, async ({ tx, publish }) => {
        if (subscription.orderedByKey) await lockKey(tx, service, event.name, envelope.key);
        const { stream, sequence, subject, deliveryCount } = delivery;
        const first = await recordInbox(tx, {
          service,
          event: event.name,
          version: message.version,
          envelope,
          stream,
          streamSequence: sequence,
        });
        if (!first) return "duplicate";
        await handle(body, {
          tx,
          publish,
          log,
          meta: envelope,
          delivery: { stream, sequence, subject, durable: durable.name, attempt: deliveryCount },
          signal: abandoned,
        });
        return "applied";
      });
    } finally {
      metrics.handled(labels, (performance.now() - started) / 1000);
      release();
    }
  }

  /** Stores a dead letter, and only then ends the delivery. While it cannot be stored the delivery is kept. */
  async function giveUp(
    delivery: Delivery,
    error: unknown,
    eventId: string | undefined,
    log: Logger,
  ): Promise<Settlement> {
    const code: RuntimeErrorCode = error instanceof TandemError ? error.code : "HANDLER_FAILED";
    const failure = { code, message: wordsOf(error), eventId };
    const deadLetter = deadLetterOf(delivery, durable.deadLetterSubject, failure, new Date());
    try {
      await holdWhileUnavailable(() => publishDeadLetter(broker, deadLetter), {
        stopping,
        holdsFor: () => true,
        onHold: (cause, delayMs) =>
          log.error(
            { err: cause, delayMs, deadLetter: durable.deadLetterSubject },
            "the dead letter cannot be stored; the message is kept",
          ),
      });
    } catch {
      return HAND_BACK;
    }
    metrics.delivered(labels, "dead_lettered");
    metrics.deadLettered(labels, code);
    log.error({ err: error, code, deadLetter: durable.deadLetterSubject }, "given up: a dead letter");
    return { kind: "terminate", reason: oneLine(`${code}: ${failure.message}`, 200) };
  }
}

function exhausted(deliveries: number, limit: number): TandemError {
  return new TandemError(
    "ATTEMPTS_EXHAUSTED",
    `This is delivery ${deliveries}, and the contract gives ${limit}: the earlier ones ended without an answer, as when a process dies. The handler did not run.`,
  );
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
