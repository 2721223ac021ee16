/** What the server gave up: the second net under the dead letters, for those whose process never answered. */
import type { Broker, Delivery, OutgoingMessage } from "../broker.ts";
import { peekEventId } from "../events/envelope.ts";
import { failpoint } from "../failpoint.ts";
import { deadLetterOf, publishDeadLetter, type GivenUpBy } from "./dead-letters.ts";

/** A message that the server delivered as often as it may. */
export interface GivenUp {
  /** Whose durable never answered. */
  readonly by: GivenUpBy;
  /** The delivery that would have been the next; empty where the stream has the message no more. */
  readonly delivery: Delivery;
  /** Whether the stream had the message no more. */
  readonly gone: boolean;
}

/**
 * The dead letter of what the server gave up, with the message id that the service's own process would have used: when
 * both store one, one entry is left.
 */
export function givenUpLetter({ by, delivery, gone }: GivenUp, now: Date): OutgoingMessage {
  const times = `delivered ${delivery.deliveryCount} times and never answered`;
  const body = gone ? "; the stream has it no more, so this is all that is left of it" : "";
  const message = `The server gave message ${delivery.sequence} of ${delivery.stream} up: ${times}${body}.`;
  const failure = { code: "MAX_DELIVERIES", message, eventId: peekEventId(delivery.headers) } as const;
  const letter = deadLetterOf(delivery, by, failure, now);
  return gone ? { ...letter, headers: { ...letter.headers, "dlq-body-omitted": "gone" } } : letter;
}

/**
 * Stores the dead letter; when it resolves the broker has it, and only then may the advisory be acknowledged.
 *
 * @throws what the broker's `publish` rejects with
 */
export async function storeGivenUp(broker: Pick<Broker, "publish">, letter: OutgoingMessage): Promise<void> {
  await publishDeadLetter(broker, letter);
  FAILPOINT: failpoint("after-letter-before-advisory-ack");
}
