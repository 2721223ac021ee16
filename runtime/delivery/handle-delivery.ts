/** One delivery from its bytes to its settlement. */
import type { Logger } from "pino";
import { isReplay, type Delivery, type Settlement } from "../broker.ts";
import { classify, TandemError, type RuntimeErrorCode } from "../errors.ts";
import { peekEventId, type Envelope } from "../events/envelope.ts";
import { oneLine } from "../events/one-line.ts";
import { readEvent, type ReceivedEvent } from "../events/read-event.ts";
import { upcastTo } from "../events/upcast.ts";
import { failpoint } from "../failpoint.ts";
import type { EventLabels } from "../metrics.ts";
import { hiding } from "../redaction/hidden-values.ts";
import { redactText } from "../redaction/redact.ts";
import { countAttempts, type Attempt } from "./attempts.ts";
import { deadLetterOf, publishDeadLetter } from "./dead-letters.ts";
import { holdWhileUnavailable } from "./hold.ts";
import { createKeyOrder, type Hold } from "./key-order.ts";
import { isDiscard } from "./replay-messages.ts";
import { createReport } from "./report.ts";
import { retryDelay } from "./retry.ts";
import { createRun } from "./run-handler.ts";
import type { RunOutcome } from "./run-outcome.ts";
import type { DeliveryDependencies, DeliveryTarget } from "./target.ts";
import { wordsOf } from "../words-of.ts";

/** A delivery with what is known of its message: more, once that is read. */
interface InHand {
  readonly delivery: Delivery;
  readonly attempt: Attempt;
  envelope: Envelope | undefined;
  log: Logger;
}

/** The process stops, and the delivery is not done: another replica may take it at once. */
const HAND_BACK: Settlement = { kind: "retry", delayMs: 0 };

/**
 * What becomes of each delivery of a durable. Never rejects.
 *
 * - applied, or applied before, or passed over as the contract says: `ack`
 * - wrong, or beyond help, or out of attempts, or deadly: stored as a dead letter, then `terminate`
 * - failed for now: `retry` with the delay of its policy
 * - something it needs is unavailable: kept in hand and run again, until it works or the process stops
 * - out of turn, where the contract asks for the order of a key: kept in hand for a moment, then parked in the
 *   database, and `ack`
 *
 * The handler gets the newest version that its operation lists, whichever version this durable reads. A message is
 * read inside its counted run, because reading may end the process too.
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
  const hold: Hold = (work, onHold) =>
    holdWhileUnavailable(work, { clock, stopping, waitFor: (error) => outages.wait(error, event.name), onHold });
  const order = createKeyOrder(dependencies, target, hold);
  const attemptOf = countAttempts({ ...dependencies, event: event.name, maxAttempts: retry.maxAttempts });
  const labels: EventLabels = { event: event.name, version: message.version };
  const by = { service, channel: event.channel, deadLetterSubject: durable.deadLetterSubject };

  return async (delivery) => hiding(async () => settle(delivery));

  async function settle(delivery: Delivery): Promise<Settlement> {
    const eventId = peekEventId(delivery.headers);
    const log = logOf(delivery, { eventId });
    if (isReplay(delivery.subject) && isDiscard(delivery.headers)) return letGo(delivery, log);
    return settleEvent({ delivery, attempt: attemptOf(delivery), envelope: undefined, log });
  }

  async function settleEvent(inHand: InHand): Promise<Settlement> {
    const { delivery, attempt } = inHand;
    try {
      const outcome = await order.inTurn(inHand, () =>
        hold(
          () => attempt.round(() => readAndRun(inHand)),
          (error, delayMs) => {
            report(delivery, "held", { envelope: inHand.envelope, error, delayMs });
            inHand.log.warn({ reason: wordsOf(error), delayMs }, "held: what the handler needs does not answer");
          },
        ),
      );
      if (outcome === "handed back") return HAND_BACK;
      report(delivery, outcome, { envelope: inHand.envelope });
      if (outcome === "parked") return { kind: "ack" };
      if (outcome === "unrepresentable") return await passOver(inHand);
      inHand.log.info(outcome === "applied" ? "handled" : "handled before, not again");
      FAILPOINT: failpoint("after-effect-before-ack");
      return { kind: "ack" };
    } catch (error) {
      const failure = classify(error);
      if (failure === "unavailable") return HAND_BACK;
      if (failure === "transient" && attempt.runs < retry.maxAttempts) return tryAgain(inHand, error);
      return giveUp(inHand, error);
    }
  }

  /** The word that a dead letter was discarded: it is about an event, and is none. */
  async function letGo(delivery: Delivery, log: Logger): Promise<Settlement> {
    try {
      await order.letGo({ delivery, log });
      report(delivery, "discarded", {});
      log.info("a dead letter was discarded: nobody waits for it");
      return { kind: "ack" };
    } catch (error) {
      if (classify(error) === "unavailable") return HAND_BACK;
      log.error({ err: error }, "a discarded letter cannot be passed over; it is tried again");
      return { kind: "retry", delayMs: retryDelay(retry, 1) };
    }
  }

  async function readAndRun(inHand: InHand): Promise<RunOutcome | "unrepresentable"> {
    const { delivery, attempt } = inHand;
    const received = read(delivery);
    if (received === undefined) return "unrepresentable";
    inHand.envelope = received.envelope;
    const { correlationId, eventId } = received.envelope;
    inHand.log = logOf(delivery, { correlationId, eventId });
    return run(delivery, received, attempt, inHand.log);
  }

  async function passOver(inHand: InHand): Promise<Settlement> {
    metrics.unrepresentable({ event: event.name, version: newest.version });
    inHand.log.info(`passed over: ${newest.type} cannot say it`);
    await order.letGo(inHand);
    await forget(inHand);
    return { kind: "ack" };
  }

  /** Counts the run, and only then gives the delivery back: an uncounted one would be run once too often. */
  async function tryAgain({ delivery, attempt, envelope, log }: InHand, error: unknown): Promise<Settlement> {
    try {
      await hold(
        () => attempt.failed(),
        (cause, delayMs) =>
          log.warn({ reason: wordsOf(cause), delayMs }, "the failed run cannot be counted; the message is kept"),
      );
    } catch {
      return HAND_BACK;
    }
    const delayMs = retryDelay(retry, attempt.runs);
    report(delivery, "retried", { envelope, error, delayMs });
    log.warn({ err: error, run: attempt.runs, delayMs }, "the handler failed; it is tried again");
    return { kind: "retry", delayMs };
  }

  /** Stores a dead letter, and only then ends the delivery. While it cannot be stored the delivery is kept. */
  async function giveUp(inHand: InHand, error: unknown): Promise<Settlement> {
    const { delivery, attempt, envelope, log } = inHand;
    const eventId = envelope?.eventId ?? peekEventId(delivery.headers);
    const code: RuntimeErrorCode = error instanceof TandemError ? error.code : "HANDLER_FAILED";
    const failure = { code, message: redactText(wordsOf(error)), eventId, attempts: attempt.runs };
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
      await order.block(inHand);
    } catch {
      await attempt.failed().catch(() => undefined);
      return HAND_BACK;
    }
    FAILPOINT: failpoint("after-dead-letter-before-term");
    await forget(inHand);
    report(delivery, "dead_lettered", { envelope, error, code });
    metrics.deadLettered(labels, code);
    log.error({ err: error, code, deadLetter: durable.deadLetterSubject }, "given up: a dead letter");
    return { kind: "terminate", reason: oneLine(`${code}: ${failure.message}`, 200) };
  }

  /** The count is of no use any more. One that stays, because the database is away, does no harm. */
  async function forget({ attempt, log }: InHand): Promise<void> {
    await attempt.forget().catch((error: unknown) => log.debug({ err: error }, "the runs are still written down"));
  }

  function logOf(delivery: Delivery, ids: { correlationId?: string; eventId: string | undefined }): Logger {
    const { subject, sequence, deliveryCount } = delivery;
    return dependencies.log.child({ ...ids, event: message.type, subject, sequence, delivery: deliveryCount });
  }
}
