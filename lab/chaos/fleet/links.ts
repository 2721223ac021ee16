/** The links of one process: everything that it talks to, it talks to through these. */
import { openProxy, type LinkState, type TcpProxy } from "./tcp-proxy.ts";

/** What a link leads to. */
export const ENDS = ["nats", "postgres", "gateway"] as const;
export type End = (typeof ENDS)[number];

/** Ports of the servers themselves. */
export interface ServerPorts {
  /** Of each node. */
  readonly nats: readonly (() => number)[];
  readonly postgres: () => number;
  readonly gateway: () => number | undefined;
}

export interface Links {
  /** For the process: one address for each node. */
  readonly natsUrl: string;
  readonly gatewayUrl: string;
  /** A connection string as this process must use it. */
  databaseUrl(url: string): string;
  set(end: End, state: LinkState): void;
  close(): Promise<void>;
}

/** Opens the links of one process. */
export async function openLinks(ports: ServerPorts): Promise<Links> {
  const nats = await Promise.all(ports.nats.map(async (port) => openProxy(port)));
  const postgres = await openProxy(ports.postgres);
  const gateway = await openProxy(ports.gateway);
  const ends: Readonly<Record<End, readonly TcpProxy[]>> = { nats, postgres: [postgres], gateway: [gateway] };
  return {
    natsUrl: nats.map(({ port }) => `nats://127.0.0.1:${port}`).join(","),
    gatewayUrl: `http://127.0.0.1:${gateway.port}`,
    databaseUrl(url) {
      const own = new URL(url);
      own.port = String(postgres.port);
      return own.href;
    },
    set(end, state) {
      for (const proxy of ends[end]) proxy.set(state);
    },
    async close() {
      await Promise.all([...nats, postgres, gateway].map(async (proxy) => proxy.close()));
    },
  };
}
