/** The options of the NATS client that survived measurement; its defaults lose messages or stay away. */
import type { NodeConnectionOptions } from "@nats-io/transport-node";
import { authenticatorOf, tlsOptionsOf } from "./login-files.ts";
import type { ServerAddresses } from "./server-addresses.ts";

/** What differs from one connection to the next. */
export interface ClientIdentity {
  readonly addresses: ServerAddresses;
  readonly name: string;
  readonly inboxPrefix: string | undefined;
  /** Between two pings, milliseconds; two without an answer end the connection. Default 10,000. */
  readonly pingIntervalMs?: number | undefined;
}

/** Options for `connect`. The delay between dials is the caller's. */
export function clientOptions({
  addresses,
  name,
  inboxPrefix,
  pingIntervalMs = 10_000,
}: ClientIdentity): NodeConnectionOptions {
  const { servers, login, files } = addresses;
  const authenticator = authenticatorOf(files);
  const tls = tlsOptionsOf(files);
  return {
    servers: [...servers],
    ...login,
    ...(tls && { tls }),
    ...(authenticator && { authenticator }),
    name,
    ...(inboxPrefix === undefined ? {} : { inboxPrefix }),
    // The default gives up after ten attempts a server.
    maxReconnectAttempts: -1,
    // By default two refused logins in a row close the connection for good, as a rotated password does.
    ignoreAuthErrorAbort: true,
    // The defaults notice a frozen server after four minutes, and dial one for twenty seconds.
    pingInterval: pingIntervalMs,
    maxPingOut: 2,
    timeout: 3_000,
    // A stack trace kept for every request costs two fifths of the publish rate.
    noAsyncTraces: true,
  };
}
