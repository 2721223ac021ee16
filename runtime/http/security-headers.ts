/** What every answer tells a browser: that this is data, to be shown nowhere and kept by nobody. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** On every answer, whatever it is; a route may say another `cache-control`. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/**
 * Puts them on an answer.
 *
 * @param hstsSeconds how long browsers shall come by TLS only; 0 says nothing. RFC 6797 forbids to say it without TLS,
 *   so it is said only where a trusted proxy says that the request came by it
 */
export function secure(
  request: IncomingMessage,
  response: ServerResponse,
  { hstsSeconds, fromProxy }: { readonly hstsSeconds: number; readonly fromProxy: boolean },
): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  if (hstsSeconds > 0 && fromProxy && request.headers["x-forwarded-proto"] === "https") {
    response.setHeader("strict-transport-security", `max-age=${hstsSeconds}`);
  }
}
