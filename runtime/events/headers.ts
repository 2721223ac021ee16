/** Header values and names on the wire. */
import type { MessageHeaders } from "../broker.ts";

/**
 * A value that any header can carry: what is not printable ASCII, and `"` and `%`, is percent-encoded, as
 * the CloudEvents bindings say.
 */
export function encodeHeader(value: string): string {
  return value.toWellFormed().replace(/[^\x21\x23\x24\x26-\x7e]+/g, encodeURIComponent);
}

/** The value that was encoded; a value that some other writer left unencoded is taken as it is. */
export function decodeHeader(value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** The headers by lower-case name: writers by hand do not agree on the case. */
export function foldNames(headers: MessageHeaders): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/**
 * The headers without those that the broker acts on. A message that is published again must not carry
 * them: an old `Nats-Msg-Id` or batch header makes the copy vanish, a `Nats-Rollup` purges a subject.
 */
export function withoutBrokerHeaders(headers: MessageHeaders): MessageHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith("nats-")));
}
