/** Why a durable cannot be read, in words that say what to do. */
import { JetStreamApiCodes, JetStreamApiError } from "@nats-io/jetstream";
import { PermissionViolationError, RequestError, TimeoutError } from "@nats-io/transport-node";
import { wordsOf } from "../words-of.ts";

/** The problem of every subscription while the connection is down. */
export const NO_CONNECTION = "there is no connection to NATS";

const PROVISION = "run `npm run ops -- provision`";

/** Explains the failure of asking the server about a durable. */
export function explainMissing(error: unknown, stream: string, durable: string): string {
  if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound) {
    return `durable ${durable} does not exist on stream ${stream}; ${PROVISION}`;
  }
  if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) {
    return `stream ${stream} does not exist, so durable ${durable} cannot be read; ${PROVISION}`;
  }
  if (causes(error).some((cause) => cause instanceof RequestError && cause.isNoResponders())) {
    return `JetStream does not answer about durable ${durable}: it is off on this server, or has no leader at the moment`;
  }
  const violation = causes(error).find((cause) => cause instanceof PermissionViolationError);
  if (violation !== undefined) return explainRefusal(violation, durable);
  if (error instanceof TimeoutError)
    return `the server did not answer about durable ${durable} of stream ${stream} in time`;
  return `durable ${durable} of stream ${stream} cannot be read: ${wordsOf(error)}`;
}

/** Explains that this login may not do what reading a durable takes. */
export function explainRefusal(violation: PermissionViolationError, durable: string): string {
  return `this login may not read durable ${durable}: ${violation.message}`;
}

function causes(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}
