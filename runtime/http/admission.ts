/** Which requests get as far as the service's own routes, and what the others are answered. */
import type { IncomingMessage } from "node:http";
import type { DoorLimits } from "./limits.ts";
import type { ProblemAnswer } from "./problem.ts";
import { createRateLimit } from "./rate-limit.ts";

/** Why a request was refused before a route saw it: a closed list, the label of a metric. */
export type RefusalReason = "backlog" | "body" | "busy" | "headers" | "malformed" | "rate" | "timeout" | "url";

/** A request that does not get in. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly problem: ProblemAnswer;
}

/** What is known of a request when it asks to come in. */
export interface Asking {
  readonly request: IncomingMessage;
  /** The client's address or network. */
  readonly client: string;
  /** Requests that are in. */
  readonly inHand: number;
}

/** Seconds after which a service that has its hands full may have one free. */
const BUSY_RETRY_SECONDS = 1;

/** A request whose path or headers are beyond the limits; undefined when they are within. Asked of every path. */
export function refuseOversized({ url = "", rawHeaders }: IncomingMessage, limits: DoorLimits): Refusal | undefined {
  if (Buffer.byteLength(url) > limits.url) {
    const detail = `The path with its query is longer than the ${limits.url} bytes that this service reads.`;
    return { reason: "url", problem: { status: 414, title: "URI Too Long", code: "URL_TOO_LONG", detail } };
  }
  // Names and values take turns.
  if (rawHeaders.length / 2 > limits.headerCount) {
    const detail = `The request has more headers than the ${limits.headerCount} that this service reads.`;
    const title = "Request Header Fields Too Large";
    return { reason: "headers", problem: { status: 431, title, code: "HEADERS_TOO_LARGE", detail } };
  }
  return undefined;
}

/**
 * What lets requests in to the service's own routes.
 *
 * @param limits the limits of the door
 * @param backlog the refusal while too much waits to be published; undefined lets requests in
 */
export function createAdmission(
  limits: DoorLimits,
  backlog: (request: IncomingMessage) => Refusal | undefined,
): (asking: Asking) => Refusal | undefined {
  const rate = createRateLimit(limits.rate);
  return ({ request, client, inHand }) => {
    const waitSeconds = rate.take(client);
    if (waitSeconds > 0) return tooMany(waitSeconds, limits.rate);
    if (inHand >= limits.requests) return BUSY;
    // A body without a length is counted by whoever reads it.
    if (Number(request.headers["content-length"] ?? 0) > limits.body) return tooLarge(limits.body);
    return backlog(request);
  };
}

const BUSY: Refusal = {
  reason: "busy",
  problem: {
    status: 503,
    title: "Service Unavailable",
    code: "BUSY",
    detail: "The service has as many requests in hand as it takes; try again.",
    retryAfterSeconds: BUSY_RETRY_SECONDS,
  },
};

function tooMany(retryAfterSeconds: number, rate: number): Refusal {
  const detail = `This client sends more than the ${rate} requests a second that one may; try again later.`;
  return {
    reason: "rate",
    problem: { status: 429, title: "Too Many Requests", code: "RATE_LIMITED", detail, retryAfterSeconds },
  };
}

function tooLarge(limit: number): Refusal {
  const detail = `The body is larger than the ${limit} bytes that this service reads.`;
  return { reason: "body", problem: { status: 413, title: "Payload Too Large", code: "BODY_TOO_LARGE", detail } };
}
