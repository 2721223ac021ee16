/** Messages that a service gave up: kept as they came, with the failure in their headers. */
import type { Broker, Delivery, MessageHeaders, OutgoingMessage } from "../broker.ts";
import { TandemError, type RuntimeErrorCode } from "../errors.ts";
import { withoutBrokerHeaders } from "../events/headers.ts";
import { oneLine } from "../events/one-line.ts";

/** Why a message was given up. */
export interface Failure {
  readonly code: RuntimeErrorCode;
  /** What went wrong, in words. */
  readonly message: string;
  /** The event's id, where it could be read. */
  readonly eventId: string | undefined;
}

const LONGEST_ERROR = 500;

/**
 * The dead letter of a delivery: the original bytes and headers, without those that the broker acts on.
 * Its message id is made of the durable and the event, so that a crash between publishing it and giving
 * the original up leaves one entry.
 */
export function deadLetterOf(delivery: Delivery, subject: string, failure: Failure, now: Date): OutgoingMessage {
  return {
    subject,
    data: delivery.data,
    headers: { ...withoutDeadLetterHeaders(delivery.headers), ...failureHeaders(delivery, failure, now) },
    messageId: `dlq:${delivery.durable}:${failure.eventId ?? `${delivery.stream}:${delivery.sequence}`}`,
  };
}

/**
 * Publishes a dead letter; when it resolves the broker has stored it, and only then may the original be
 * given up. One that is too large together with its headers is stored without its body, which stays in
 * the stream that the headers name.
 *
 * @throws what the broker's `publish` rejects with
 */
export async function publishDeadLetter(broker: Pick<Broker, "publish">, deadLetter: OutgoingMessage): Promise<void> {
  try {
    await broker.publish(deadLetter);
  } catch (error) {
    if (!(error instanceof TandemError && error.code === "PUBLISH_REFUSED")) throw error;
    const headers = { ...deadLetter.headers, "dlq-body-omitted": `${deadLetter.data.byteLength} bytes` };
    await broker.publish({ ...deadLetter, data: new Uint8Array(), headers });
  }
}

function failureHeaders(delivery: Delivery, failure: Failure, now: Date): MessageHeaders {
  return {
    "dlq-stream": delivery.stream,
    "dlq-sequence": String(delivery.sequence),
    "dlq-subject": delivery.subject,
    "dlq-consumer": delivery.durable,
    "dlq-attempts": String(delivery.deliveryCount),
    "dlq-code": failure.code,
    "dlq-error": oneLine(failure.message, LONGEST_ERROR) || failure.code,
    "dlq-time": now.toISOString(),
  };
}

function withoutDeadLetterHeaders(headers: MessageHeaders): MessageHeaders {
  const kept = Object.entries(withoutBrokerHeaders(headers)).filter(([name]) => !name.toLowerCase().startsWith("dlq-"));
  return Object.fromEntries(kept);
}
