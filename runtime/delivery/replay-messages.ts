/** Dead letters on their way back: messages for the replay subject of the one durable that gave them up. */
import type { MessageHeaders, OutgoingMessage } from "../broker.ts";
import type { KeyPlace } from "../events/envelope.ts";
import { encodeHeader, foldNames, withoutBrokerHeaders } from "../events/headers.ts";
import { oneLine } from "../events/one-line.ts";

/** What an operator decided about a dead letter. */
export interface ReplayOrder {
  /** Unique: what the replay leads to carries it. */
  readonly id: string;
  /** The letter's sequence in its stream. */
  readonly of: number;
  readonly by: string;
  readonly why: string;
}

const LONGEST_REASON = 500;
const LONGEST_NAME = 100;

/**
 * The original message again, for one durable: its headers and its event id, so that the inbox knows the fact, under
 * a message id of its own, because one that was used before is swallowed inside the duplicate window.
 */
export function replayOf(
  letter: { readonly headers: MessageHeaders; readonly data: Uint8Array },
  subject: string,
  order: ReplayOrder,
): OutgoingMessage {
  return {
    subject,
    data: letter.data,
    headers: { ...originalHeaders(letter.headers), ...orderHeaders(order) },
    messageId: `replay:${order.id}`,
  };
}

/**
 * Tells a durable that reads in order that it need not wait for a letter any more. It has no body: it is about the
 * event that it names, and is none.
 */
export function discardOf(
  { eventId, key, sequence, previous }: KeyPlace,
  subject: string,
  order: ReplayOrder,
): OutgoingMessage {
  return {
    subject,
    data: new Uint8Array(),
    headers: {
      "ce-id": encodeHeader(eventId),
      "ce-subject": encodeHeader(key),
      ...(sequence === undefined ? {} : { "ce-sequence": String(sequence) }),
      ...(previous === undefined ? {} : { "ce-previous": String(previous) }),
      "replay-action": "discard",
      ...orderHeaders(order),
    },
    messageId: `replay:${order.id}`,
  };
}

/** Whether a message on a replay subject says that a dead letter was discarded. */
export function isDiscard(headers: MessageHeaders): boolean {
  return foldNames(headers).get("replay-action") === "discard";
}

/** The headers that the message of a dead letter had before it was given up. */
export function originalHeaders(headers: MessageHeaders): MessageHeaders {
  const kept = Object.entries(withoutBrokerHeaders(headers)).filter(([name]) => !/^(?:dlq|replay)-/i.test(name));
  return Object.fromEntries(kept);
}

function orderHeaders({ id, of, by, why }: ReplayOrder): MessageHeaders {
  return {
    "replay-id": id,
    "replay-of": String(of),
    "replay-by": encodeHeader(oneLine(by, LONGEST_NAME)),
    "replay-why": encodeHeader(oneLine(why, LONGEST_REASON)),
  };
}
