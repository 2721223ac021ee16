/** What the door takes at most, from its settings. */
import type { BlockList } from "node:net";
import { httpSettings, networkList, type HttpSettings } from "../settings/http-settings.ts";
import { readSettings } from "../settings/read-settings.ts";

/** The limits of a door; sizes in bytes, times in milliseconds. */
export interface DoorLimits {
  readonly body: number;
  /** Of request line and headers together. */
  readonly headers: number;
  readonly headerCount: number;
  readonly url: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly connections: number;
  /** Requests of the service's own routes in hand. */
  readonly requests: number;
  /** Requests of one client in a second; 0 for any number. */
  readonly rate: number;
  readonly trustedProxies: BlockList;
  readonly origins: readonly string[];
  readonly hstsSeconds: number;
}

/** The limits that the settings say. */
export function limitsOf(settings: HttpSettings): DoorLimits {
  return {
    body: settings.HTTP_BODY_LIMIT,
    headers: settings.HTTP_HEADERS_LIMIT,
    headerCount: settings.HTTP_HEADER_COUNT,
    url: settings.HTTP_URL_LIMIT,
    headersTimeoutMs: settings.HTTP_HEADERS_TIMEOUT,
    requestTimeoutMs: settings.HTTP_REQUEST_TIMEOUT,
    keepAliveTimeoutMs: settings.HTTP_KEEP_ALIVE_TIMEOUT,
    connections: settings.HTTP_CONNECTIONS,
    requests: settings.HTTP_REQUESTS,
    rate: settings.HTTP_RATE,
    trustedProxies: networkList(settings.HTTP_TRUST_PROXY),
    origins: settings.HTTP_CORS_ORIGINS,
    hstsSeconds: settings.HTTP_HSTS,
  };
}

/** The limits of a door whose settings nobody changed. */
export function standardLimits(): DoorLimits {
  return limitsOf(readSettings(httpSettings(), {}).values);
}
