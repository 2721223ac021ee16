/** The system that is to be refuted: servers, two replicas of each service, gateway and steward, as processes. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openAdmin, provisionDatabase, STEWARD, type Admin } from "@tandem/runtime/admin";
import { provision } from "../../../ops/provision/provision.ts";
import { readTopology, servicesOf, type Topology } from "../../../ops/topology.ts";
import { startNatsCluster, type NatsCluster } from "../../servers/nats-cluster.ts";
import { startPostgres, type PostgresServer } from "../../servers/postgres.ts";
import type { Keeper } from "../keeper/keeper.ts";
import { openInjections, type Injections } from "./injections.ts";
import { gatewayOf, type FleetGateway } from "./gateway.ts";
import type { ServerPorts } from "./links.ts";
import { Member, type MemberEvents, type OwnEnd } from "./member.ts";
import { startReplica, type Replica } from "./replica.ts";
import { openRoutes, type Routes } from "./routes.ts";
import { openProxy } from "./tcp-proxy.ts";

export const TOPOLOGY_FILE = fileURLToPath(new URL("../../../generated/topology.json", import.meta.url));
/** The contract's server with three replicas of each stream. */
export const SERVER = "production";
const REPLICAS = 2;

export interface Fleet {
  readonly topology: Topology;
  readonly cluster: NatsCluster;
  /** Between the nodes of the cluster. */
  readonly routes: Routes;
  readonly postgres: PostgresServer;
  /** Of all services, for who administers it, past every link. */
  readonly databaseUrl: string;
  /** Of every node, past every link. */
  readonly natsUrl: string;
  /** The public door: it passes each connection on to a replica of order that listens. */
  readonly url: string;
  readonly replicas: readonly Replica[];
  readonly gateway: FleetGateway;
  readonly steward: Member;
  /** What a run put on the streams itself. */
  readonly injections: Injections;
  /** @throws when there is no such replica */
  replica(service: string, index: number): Replica;
  /** Does something with the broker over a connection of its own. */
  withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T>;
  /** Tells the keeper of a process that must not outlive the run. */
  keep(pid: number): void;
  /** Waits until every process is ready. */
  ready(): Promise<void>;
  /** Stops the services, steward and gateway. Answers those that did not end with exit code 0, in sentences. */
  stopServices(): Promise<readonly string[]>;
}

export interface FleetOptions {
  /** For logs and ledgers. */
  readonly directory: string;
  readonly keeper: Keeper;
  readonly onOwnEnd: (end: OwnEnd) => void;
  /** Told what a start waits for, where that takes long: a server that must be fetched first. */
  readonly onProgress: (text: string) => void;
  /** Told of everything that must be stopped, as it starts. */
  readonly onStarted: (stop: () => Promise<unknown>) => void;
}

/** Starts a fleet, and resolves when all of it is ready. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { directory, keeper, onOwnEnd, onProgress, onStarted } = options;
  const topology = readTopology(TOPOLOGY_FILE);
  const routes = openRoutes();
  onStarted(() => routes.close());
  const [cluster, postgres] = await Promise.all([
    startNatsCluster({ routePort: routes.between, onProgress }).then((started) => {
      onStarted(() => started.stop());
      return started;
    }),
    // A killed PostgreSQL loses nothing without fsync either: what it wrote is the machine's.
    startPostgres({ fsync: false, onProgress }).then((started) => {
      onStarted(() => started.stop());
      return started;
    }),
  ]);
  const natsUrl = cluster.urls.join(",");
  await provision(topology, { natsUrl, server: SERVER });
  const databases = await provisionDatabase(postgres.url, servicesOf(topology));
  const databaseOf = (name: string): string => databases.find(({ service }) => service === name)?.url ?? "";

  // Members are started again and again, and most of a start is the reading of the same code.
  const env = { NODE_COMPILE_CACHE: join(directory, "compile-cache") };
  const events: MemberEvents = { onStart: ({ pid }) => keeper.keep(pid), onOwnEnd };
  const ledgerFile = join(directory, "gateway-ledger.jsonl");
  const gatewayMember = new Member(
    {
      name: "gateway",
      file: "lab/gateway/main.ts",
      arguments: ["--ledger", ledgerFile],
      env,
      logFile: join(directory, "gateway.log"),
    },
    events,
  );
  onStarted(() => gatewayMember.destroy());
  const gateway = gatewayOf(gatewayMember, ledgerFile);
  await gateway.remind();

  const ports: ServerPorts = {
    nats: cluster.nodes.map((node) => () => node.port),
    postgres: () => postgres.port,
    gateway: () => (gatewayMember.url === undefined ? undefined : Number(new URL(gatewayMember.url).port)),
  };
  const replicas = await Promise.all(
    servicesOf(topology).flatMap((service) =>
      Array.from({ length: REPLICAS }, async (_, place) =>
        startReplica({ service, index: place + 1, databaseUrl: databaseOf(service), directory, env }, ports, events),
      ),
    ),
  );
  for (const replica of replicas) {
    onStarted(async () => {
      await replica.destroy();
      await replica.close();
    });
  }
  const steward = new Member(
    {
      name: STEWARD,
      file: "ops/main.ts",
      arguments: [STEWARD],
      env: { ...env, NATS_URL: natsUrl, DATABASE_URL: databaseOf(STEWARD), HTTP_PORT: "0" },
      logFile: join(directory, `${STEWARD}.log`),
    },
    events,
  );
  onStarted(() => steward.destroy());

  let turn = 0;
  const door = await openProxy(() => {
    const open = replicas.flatMap(({ service, url }) => (service === "order" && url !== undefined ? [url] : []));
    const url = open[(turn += 1) % Math.max(1, open.length)];
    return url === undefined ? undefined : Number(new URL(url).port);
  });
  onStarted(() => door.close());

  const members: readonly Member[] = [...replicas, steward, gatewayMember];
  const fleet: Fleet = {
    ...{ topology, cluster, routes, postgres, databaseUrl: postgres.url, natsUrl, replicas, gateway, steward },
    url: `http://127.0.0.1:${door.port}`,
    injections: openInjections(join(directory, "injections.jsonl")),
    replica(service, index) {
      const found = replicas.find((one) => one.service === service && one.index === index);
      if (found === undefined) throw new Error(`The fleet has no ${service}-${index}.`);
      return found;
    },
    async withAdmin(work) {
      const admin = await openAdmin({ servers: [...cluster.urls], name: "tandem chaos", deadlineMs: 15_000 });
      try {
        return await work(admin);
      } finally {
        await admin.close();
      }
    },
    keep: keeper.keep,
    ready: async () => void (await Promise.all(members.map(async (member) => member.ready()))),
    async stopServices() {
      const failures: string[] = [];
      // The gateway is the last to go: a payment in hand still wants its answer.
      for (const group of [[...replicas, steward], [gatewayMember]]) {
        await Promise.all(
          group.map(async (member) => {
            const exit = await member.stop();
            if (exit === undefined || exit.code === 0) return;
            failures.push(
              `${member.name} ended with ${exit.signal ?? `exit code ${exit.code}`} when it was told to stop`,
            );
          }),
        );
      }
      return failures;
    },
  };
  await fleet.ready();
  return fleet;
}
