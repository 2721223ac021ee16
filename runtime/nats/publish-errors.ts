/** The errors that publishing ends with, however it was done. */
import { TandemError } from "../errors.ts";

/** The broker, or the client before it, will never take the message. */
export function refusal(subject: string, words: string, cause?: unknown): TandemError {
  return new TandemError(
    "PUBLISH_REFUSED",
    `${subject}: the message cannot be published: ${words}.`,
    cause === undefined ? {} : { cause },
  );
}

/** Nothing can be published any more. */
export function closedError(subject: string): TandemError {
  return new TandemError(
    "CONNECTION_CLOSED",
    `${subject}: the connection to NATS is closed; nothing more is published.`,
  );
}
