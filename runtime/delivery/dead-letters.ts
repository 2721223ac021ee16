/** Messages that a service gave up: kept as they came, with the failure in their headers. */
import { isReplay, type Broker, type Delivery, type MessageHeaders, type OutgoingMessage } from "../broker.ts";
import { TandemError, type RuntimeErrorCode } from "../errors.ts";
import { isIdentifier } from "../events/envelope.ts";
import { foldNames } from "../events/headers.ts";
import { oneLine } from "../events/one-line.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { originalHeaders } from "./replay-messages.ts";

/** Who gave a message up. */
export interface GivenUpBy {
  readonly service: string;
  /** The event's channel key. */
  readonly channel: string;
  readonly deadLetterSubject: string;
}

/** Why a message was given up. */
export interface Failure {
  readonly code: RuntimeErrorCode;
  /** What went wrong, in words. */
  readonly message: string;
  /** The event's id, where it could be read. */
  readonly eventId: string | undefined;
  /** Runs of the handler. The deliveries stand in for them where nobody knows. */
  readonly attempts?: number;
}

const LONGEST_ERROR = 500;
const ENVELOPE_NAME = /^(?:ce-[a-z]+|correlation-id|causation-id|traceparent)$/i;
const LONGEST_ENVELOPE_VALUE = 1_024;

/**
 * The dead letter of a delivery: the original bytes and headers, without those that the broker acts on and those of an
 * earlier dead letter.
 *
 * Its message id is made of the service and the event, so that a crash between publishing it and giving the original
 * up leaves one entry, and a fact that came in two versions does. A replay that fails again is an entry of its own.
 */
export function deadLetterOf(delivery: Delivery, by: GivenUpBy, failure: Failure, now: Date): OutgoingMessage {
  return {
    subject: by.deadLetterSubject,
    data: delivery.data,
    headers: { ...originalHeaders(delivery.headers), ...failureHeaders(delivery, by, failure, now) },
    messageId: messageIdOf(delivery, by, failure),
  };
}

/**
 * Publishes a dead letter; when it resolves the broker has stored it, and only then may the original be
 * given up. What the broker does not take is left out and named: the body, when the whole is too large;
 * the original's own headers, when they are too large or no header can be called so; at last both. All of
 * it stays in the stream that the headers name.
 *
 * @throws what the broker's `publish` rejects with
 */
export async function publishDeadLetter(broker: Pick<Broker, "publish">, deadLetter: OutgoingMessage): Promise<void> {
  const short = withoutOriginalHeaders(deadLetter);
  const forms = [deadLetter, withoutBody(deadLetter), short, withoutBody(short)];
  for (const form of forms) {
    try {
      await broker.publish(form);
      return;
    } catch (error) {
      const isRefusal = error instanceof TandemError && error.code === "PUBLISH_REFUSED";
      if (!isRefusal || form === forms.at(-1)) throw error;
    }
  }
}

function messageIdOf({ durable, stream, sequence, subject, headers }: Delivery, by: GivenUpBy, failure: Failure) {
  const { eventId } = failure;
  const id = eventId === undefined ? `${durable}:${stream}:${sequence}` : `${by.service}:${by.channel}:${eventId}`;
  if (!isReplay(subject)) return `dlq:${id}`;
  const replayId = foldNames(headers).get("replay-id");
  return `dlq:${id}:${replayId !== undefined && isIdentifier(replayId) ? replayId : sequence}`;
}

function withoutBody(deadLetter: OutgoingMessage): OutgoingMessage {
  const headers = { ...deadLetter.headers, "dlq-body-omitted": `${deadLetter.data.byteLength} bytes` };
  return { ...deadLetter, data: new Uint8Array(), headers };
}

/** With the failure, and what of the envelope is of ordinary size. */
function withoutOriginalHeaders(deadLetter: OutgoingMessage): OutgoingMessage {
  const all = Object.entries(deadLetter.headers);
  const kept = all.filter(
    ([name, value]) => name.startsWith("dlq-") || (ENVELOPE_NAME.test(name) && value.length <= LONGEST_ENVELOPE_VALUE),
  );
  const omitted = { "dlq-headers-omitted": `${all.length - kept.length} headers` };
  return { ...deadLetter, headers: { ...Object.fromEntries(kept), ...omitted } };
}

function failureHeaders(delivery: Delivery, by: GivenUpBy, failure: Failure, now: Date): MessageHeaders {
  const { code, message, attempts = delivery.deliveryCount } = failure;
  const words = oneLine(message, LONGEST_ERROR) || code;
  return {
    "dlq-stream": delivery.stream,
    "dlq-sequence": String(delivery.sequence),
    "dlq-subject": delivery.subject,
    "dlq-consumer": delivery.durable,
    "dlq-attempts": String(attempts),
    "dlq-code": code,
    "dlq-error": words,
    "dlq-fingerprint": fingerprintOf({ ...by, code, words }),
    "dlq-time": now.toISOString(),
    ...(delivery.headersFault === undefined ? {} : { "dlq-headers-omitted": "all: they cannot be read" }),
  };
}
