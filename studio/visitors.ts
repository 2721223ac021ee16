/** Who may talk to this server: pages that it served itself, and nobody else's. */
import type { IncomingMessage } from "node:http";

/** The names that this machine has for itself, with the port: what a browser says when the user typed them. */
function hostsOf(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`];
}

/**
 * Whether a request was meant for this server. Somebody else's page whose name was made to lead here says that
 * name.
 */
export function isForUs({ headers }: IncomingMessage, port: number): boolean {
  return hostsOf(port).includes(headers.host ?? "");
}

/** Whether a request that changes something comes from a page of this server. A browser says where from, always. */
export function isFromUs(request: IncomingMessage, port: number): boolean {
  const { origin } = request.headers;
  return isForUs(request, port) && hostsOf(port).some((host) => origin === `http://${host}`);
}

/** What a page of ours may load: only what is here, so that nothing that Studio brings asks anybody else. */
export function policyOf(port: number): string {
  const sockets = hostsOf(port).map((host) => `ws://${host}`);
  return [
    "default-src 'self' data: blob:",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
    "style-src 'self' 'unsafe-inline'",
    `connect-src 'self' ${sockets.join(" ")} data: blob:`,
    "frame-ancestors 'none'",
  ].join("; ");
}
