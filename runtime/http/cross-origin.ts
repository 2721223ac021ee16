/** Pages of other origins: which may call the service's own routes from a browser. */
import type { IncomingMessage, ServerResponse } from "node:http";

const EXPOSED = "etag, location, retry-after, x-correlation-id, x-request-id";
const NAMES = /^[\w-]+(?:\s*,\s*[\w-]+)*$/;
const PREFLIGHT_SECONDS = "600";

/**
 * Tells a browser that the page of an origin may read the answer, if it is one of those named. Answers the question
 * that a browser asks before a request, and says whether it did. Credentials are never allowed.
 */
export function allowOrigin(
  { headers, method }: IncomingMessage,
  response: ServerResponse,
  origins: readonly string[],
): boolean {
  if (origins.length === 0) return false;
  response.appendHeader("vary", "origin");
  const { origin } = headers;
  if (origin === undefined || !origins.includes(origin)) return false;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-expose-headers", EXPOSED);
  const asked = headers["access-control-request-method"];
  if (method !== "OPTIONS" || asked === undefined || !NAMES.test(asked)) return false;
  const names = headers["access-control-request-headers"] ?? "";
  response.setHeader("access-control-allow-methods", asked);
  if (NAMES.test(names)) response.setHeader("access-control-allow-headers", names);
  response.setHeader("access-control-max-age", PREFLIGHT_SECONDS);
  response.writeHead(204).end();
  return true;
}
