/** Who sent a request, as far as an address says it. */
import type { IncomingMessage } from "node:http";
import { isIPv4, isIPv6, type BlockList } from "node:net";

/** A client, and whether a trusted proxy spoke for it. */
export interface Client {
  /** An IPv4 address, or the first 64 bits of an IPv6 one: whoever has one of those has all of them. */
  readonly network: string;
  readonly fromProxy: boolean;
}

/**
 * The client of a request: the other end of its connection. Where that is a trusted proxy, the last address of
 * `X-Forwarded-For` that is none; what stands before it anybody can have written.
 */
export function clientOf({ socket, headers }: IncomingMessage, trusted: BlockList): Client {
  let address = plain(socket.remoteAddress ?? "");
  const fromProxy = isTrusted(address, trusted);
  if (fromProxy) {
    const given = headers["x-forwarded-for"];
    const hops = (typeof given === "string" ? given : "").split(",").map((hop) => plain(hop.trim()));
    for (const hop of hops.toReversed()) {
      if (!isIPv4(hop) && !isIPv6(hop)) break;
      address = hop;
      if (!isTrusted(hop, trusted)) break;
    }
  }
  return { network: isIPv6(address) ? first64(address) : address, fromProxy };
}

function isTrusted(address: string, trusted: BlockList): boolean {
  if (isIPv4(address)) return trusted.check(address, "ipv4");
  return isIPv6(address) && trusted.check(address, "ipv6");
}

/** An IPv4 address that a socket for both kinds writes as one of IPv6. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

function first64(address: string): string {
  const [head = "", tail] = address.toLowerCase().split("%")[0]?.split("::") ?? [];
  const groups = head === "" ? [] : head.split(":");
  // What `::` stands for is zeros, and only those of the first half matter.
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === "" ? 0 : tail.split(":").length);
  const first = [...groups, ...Array.from({ length: missing }, () => "0"), ...(tail ?? "").split(":")].slice(0, 4);
  return `${first.map((group) => Number.parseInt(group || "0", 16).toString(16)).join(":")}::/64`;
}
