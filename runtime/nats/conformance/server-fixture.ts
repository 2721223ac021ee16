/** The servers that the suite runs on. Call these while the file is collected. */
import { afterAll, inject } from "vitest";
import type { AnyNatsServer } from "../../../lab/containers/nats-container.ts";
import { startNatsCluster } from "../../../lab/servers/nats-cluster.ts";
import type { NatsServer } from "../../../lab/servers/nats-server.ts";
import { natsProcessForTest } from "../../../lab/testing/servers.ts";

/** For a whole suite: elections, and a machine that does other things as well. */
export const PATIENT = { timeout: 90_000 };

/** One nats-server or a cluster of them. Tests kill, freeze and restart them, and leave them running. */
export interface ServerFixture<Node extends AnyNatsServer = NatsServer> {
  readonly nodes: readonly Node[];
  /** For clients: the URLs of all nodes. */
  readonly urls: readonly string[];
  /** Of every stream and durable: as many as there are nodes. */
  readonly replicas: number;
  /** Resolves when every node that runs is up to date and agrees on the leaders. */
  ready(): Promise<void>;
}

/** A server that is alone: every outage is a total one, and nobody votes. */
export async function singleNode(): Promise<ServerFixture> {
  const server = await natsProcessForTest();
  return { nodes: [server], urls: [server.url], replicas: 1, ready: async () => undefined };
}

/** Three servers, each with a replica of everything. */
export async function threeNodes(): Promise<ServerFixture> {
  const { natsBinary } = inject("servers");
  const cluster = await startNatsCluster(natsBinary === null ? {} : { binary: natsBinary });
  afterAll(() => cluster.stop());
  return { nodes: cluster.nodes, urls: cluster.urls, replicas: cluster.nodes.length, ready: () => cluster.ready() };
}
