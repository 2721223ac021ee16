/** One delivery from its bytes to its settlement. */
import type { Logger } from "pino";
import type { Delivery, Settlement } from "../broker.ts";
import { classify, TandemError, type RuntimeErrorCode } from "../errors.ts";
import { peekEventId } from "../events/envelope.ts";
import { oneLine } from "../events/one-line.ts";
import { readEvent, type ReceivedEvent } from "../events/read-event.ts";
import { upcastTo } from "../events/upcast.ts";
import { failpoint } from "../failpoint.ts";
import type { EventMeta } from "../handler.ts";
import type { EventLabels } from "../metrics.ts";
import { deadLetterOf, publishDeadLetter } from "./dead-letters.ts";
import { holdWhileUnavailable } from "./hold.ts";
import { createReport } from "./report.ts";
import { retryDelay } from "./retry.ts";
import { createRun } from "./run-handler.ts";
import type { DeliveryDependencies, DeliveryTarget } from "./target.ts";

/** The process stops, and the delivery is not done: another replica may take it at once. */
const HAND_BACK: Settlement = { kind: "retry", delayMs: 0 };

/**
 * What becomes of each delivery of a durable. Never rejects.
 *
 * - applied, or applied before, or passed over as the contract says: `ack`
 * - wrong, or beyond help, or out of attempts: stored as a dead letter, then `terminate`
 * - failed for now: `retry` with the delay of its policy
 * - something it needs is unavailable: kept in hand and run again, until it works or the process stops
 *
 * The handler gets the newest version that its operation lists, whichever version this durable reads.
 */
export function createDeliveryHandler<Publish>(
  dependencies: DeliveryDependencies<Publish>,
  target: DeliveryTarget<Publish>,
): (delivery: Delivery) => Promise<Settlement> {
  const { service, broker, outages, metrics, clock, stopping } = dependencies;
  const { subscription, durable } = target;
  const { event, retry } = subscription;
  const { message } = durable;
  const newest = subscription.durables[0]?.message ?? message;
  const upcast = upcastTo(newest, event, message, dependencies.parts);
  const read = (delivery: Delivery): ReceivedEvent | undefined => upcast(readEvent(delivery, event, message));
  const run = createRun(dependencies, target);
  const report = createReport(dependencies, target);
  const labels: EventLabels = { event: event.name, version: message.version };
  const by = { service, channel: event.channel, deadLetterSubject: durable.deadLetterSubject };

  return async (delivery) => {
    const where = {
      event: message.type,
      subject: delivery.subject,
      sequence: delivery.sequence,
      delivery: delivery.deliveryCount,
    };
    let received: ReceivedEvent | undefined;
    try {
      received = read(delivery);
    } catch (error) {
      const eventId = peekEventId(delivery.headers);
      return giveUp(delivery, error, undefined, dependencies.log.child({ eventId, ...where }));
    }
    if (received === undefined) {
      report(delivery, "unrepresentable", {});
      metrics.unrepresentable({ event: event.name, version: newest.version });
      const eventId = peekEventId(delivery.headers);
      dependencies.log.info({ eventId, ...where }, `passed over: ${newest.type} cannot say it`);
      return { kind: "ack" };
    }
    const { eventId, correlationId } = received.envelope;
    return settleEvent(delivery, received, dependencies.log.child({ correlationId, eventId, ...where }));
  };

  async function settleEvent(delivery: Delivery, received: ReceivedEvent, log: Logger): Promise<Settlement> {
    const { envelope } = received;
    try {
      const outcome = await holdWhileUnavailable(
        (round) => run(delivery, round === 0 ? received : (read(delivery) ?? received), log),
        {
          clock,
          stopping,
          waitFor: (error) => outages.wait(error, event.name),
          onHold: (error, delayMs) => {
            report(delivery, "held", { envelope, error, delayMs });
            log.warn({ reason: wordsOf(error), delayMs }, "held: what the handler needs does not answer");
          },
        },
      );
      if (outcome === "handed back") return HAND_BACK;
      report(delivery, outcome, { envelope });
      log.info(outcome === "applied" ? "handled" : "handled before, not again");
      FAILPOINT: failpoint("after-effect-before-ack");
      return { kind: "ack" };
    } catch (error) {
      const failure = classify(error);
      if (failure === "unavailable") return HAND_BACK;
      if (failure === "transient" && delivery.deliveryCount < retry.maxAttempts) {
        const delayMs = retryDelay(retry, delivery.deliveryCount);
        report(delivery, "retried", { envelope, error, delayMs });
        log.warn({ err: error, delayMs }, "the handler failed; it is tried again");
        return { kind: "retry", delayMs };
      }
      return giveUp(delivery, error, envelope, log);
    }
  }

  /** Stores a dead letter, and only then ends the delivery. While it cannot be stored the delivery is kept. */
  async function giveUp(
    delivery: Delivery,
    error: unknown,
    envelope: EventMeta | undefined,
    log: Logger,
  ): Promise<Settlement> {
    const code: RuntimeErrorCode = error instanceof TandemError ? error.code : "HANDLER_FAILED";
    const failure = { code, message: wordsOf(error), eventId: envelope?.eventId ?? peekEventId(delivery.headers) };
    const deadLetter = deadLetterOf(delivery, by, failure, new Date(clock.now()));
    try {
      await holdWhileUnavailable(() => publishDeadLetter(broker, deadLetter), {
        clock,
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
    FAILPOINT: failpoint("after-dead-letter-before-term");
    report(delivery, "dead_lettered", { envelope, error, code });
    metrics.deadLettered(labels, code);
    log.error({ err: error, code, deadLetter: durable.deadLetterSubject }, "given up: a dead letter");
    return { kind: "terminate", reason: oneLine(`${code}: ${failure.message}`, 200) };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
