/** What lies between the nodes of the NATS cluster: each pair can be parted, as a broken network does. */
import { openProxy, type LinkState, type TcpProxy } from "./tcp-proxy.ts";

export interface Routes {
  /** The port by which a node finds another; for `startNatsCluster`. */
  between(from: number, to: number, port: number): Promise<number>;
  /** Sets every route from and to a node. Nodes are numbered from 0. */
  around(node: number, state: LinkState): void;
  close(): Promise<void>;
}

/** Opens no route yet: the cluster asks for each. */
export function openRoutes(): Routes {
  const routes: { readonly from: number; readonly to: number; readonly proxy: TcpProxy }[] = [];
  return {
    async between(from, to, port) {
      const proxy = await openProxy(() => port);
      routes.push({ from, to, proxy });
      return proxy.port;
    },
    around(node, state) {
      for (const { from, to, proxy } of routes) if (from === node || to === node) proxy.set(state);
    },
    async close() {
      await Promise.all(routes.map(async ({ proxy }) => proxy.close()));
    },
  };
}
