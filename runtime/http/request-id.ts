/**
 * The id of one request: in its answer and on every log line about it.
 *
 * It is of one request only, and a caller that tries again sends another. The correlation id is of a conversation: it
 * travels with the events. A request that brings no correlation id starts a conversation under its own id.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** The header of requests and answers. */
export const REQUEST_ID = "x-request-id";

const WELL_FORMED = /^[\w.~+/=:-]{1,128}$/;

/** A new id. */
export function makeRequestId(): string {
  return randomUUID();
}

/** The id that a request brings if it is well-formed, else a new one; from now on in its header and in its answer. */
export function identify(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers[REQUEST_ID];
  const id = typeof given === "string" && WELL_FORMED.test(given) ? given : makeRequestId();
  request.headers[REQUEST_ID] = id;
  response.setHeader(REQUEST_ID, id);
  return id;
}
