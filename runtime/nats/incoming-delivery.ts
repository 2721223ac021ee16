/** A message that was pulled, as a delivery and where its answer goes. */
import type { Msg } from "@nats-io/transport-node";
import type { Delivery } from "../broker.ts";
import { readAckSubject } from "./ack-subject.ts";
import { readHeadersOf } from "./incoming-headers.ts";

/** A delivery in hand. */
export interface IncomingDelivery {
  readonly delivery: Delivery;
  /** The subject that its answer is published to. */
  readonly reply: string;
}

/** Reads a pulled message; undefined when it did not come from a stream. */
export function readDelivery(message: Msg, stream: string, durable: string): IncomingDelivery | undefined {
  const reply = message.reply ?? "";
  const facts = readAckSubject(reply);
  if (facts === undefined) return undefined;
  const { subject, data } = message;
  return { reply, delivery: { subject, data, ...readHeadersOf(message), stream, durable, ...facts } };
}
