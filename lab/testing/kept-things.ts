/** A small system for tests of what looks after a system: a maker with an outbox and a relay, a taker with an inbox. */
import { randomUUID } from "node:crypto";
import {
  openAdmin,
  provisionDatabase,
  type Admin,
  type Delivery,
  type GivenUpBy,
  type Logger,
  type OutgoingMessage,
} from "@tandem/runtime/admin";
import { onTestFinished } from "vitest";
import { provision } from "../../ops/provision/provision.ts";
import type { Topology } from "../../ops/topology.ts";
import { deadLetterOf } from "../../runtime/delivery/dead-letters.ts";
import { openLog } from "../../runtime/log.ts";
import { openBroker } from "../../runtime/nats/broker.ts";
import { applySchema } from "../../runtime/postgres/apply-schema.ts";
import { openDatabase } from "../../runtime/postgres/database.ts";
import { startRelay } from "../../runtime/postgres/relay.ts";
import { openStore } from "../../runtime/postgres/store.ts";
import { inTransaction } from "../../runtime/postgres/transaction.ts";
import { eventually } from "./eventually.ts";

/** The servers that it stands on. */
export interface KeptThingsServers {
  readonly natsUrl: string;
  /** Of a role that may create roles. */
  readonly databaseUrl: string;
}

/** What a test may change of the topology. */
export interface KeptThingsOptions {
  readonly maxAgeMs?: number;
  readonly ackWaitMs?: number;
  readonly maxDeliver?: number;
  /** False when absent. */
  readonly orderedByKey?: boolean;
  /** Of the dead letters. */
  readonly duplicateWindowMs?: number;
}

let systems = 0;

/** Makes streams, durables, roles and tables of a system of its own; everything is closed after the test. */
export async function keptThings({ natsUrl, databaseUrl }: KeptThingsServers, options: KeptThingsOptions = {}) {
  systems += 1;
  const topology = topologyOf(`${process.pid}x${systems}`, options);
  const log: Logger = openLog({ service: "test", level: "silent", file: undefined });
  await provision(topology, { natsUrl, server: "development" });
  const [maker, taker] = servicesOf(topology);
  const databases = await provisionDatabase(databaseUrl, [maker, taker]);
  const admin: Admin = await openAdmin({ servers: [natsUrl] });
  const broker = openBroker({ servers: [natsUrl], name: "test", log, closeLimitMs: 100 });
  const urlOf = (service: string): string => databases.find((one) => one.service === service)?.url ?? databaseUrl;
  const open = (service: string) =>
    openDatabase({ url: urlOf(service), schema: service, applicationName: "test", connections: 8, log });
  const [making, taking] = [open(maker), open(taker)];
  for (const database of [making, taking]) await applySchema(database.work, database.schema, []);
  const store = openStore(urlOf("steward"));
  onTestFinished(async () => {
    await broker.close();
    await Promise.all([admin.close(), store.close(), making.close(), taking.close()]);
  });
  const [stream, deadLetters] = topology.streams;
  const [consumer] = topology.consumers;
  if (stream === undefined || deadLetters === undefined || consumer === undefined) throw new Error("no topology");

  return {
    topology,
    stream,
    deadLetters,
    consumer,
    maker,
    taker,
    admin,
    broker,
    store,
    log,
    making,
    taking,
    natsUrl,
    stewardUrl: urlOf("steward"),
    /** Commits events of a key to the maker's outbox; answers their ids. */
    async commit(key: string, count = 1): Promise<string[]> {
      const ids = Array.from({ length: count }, () => randomUUID());
      await inTransaction(making.work, async (tx) => {
        for (const id of ids) {
          const versions = [2, 1].map((version) => ({
            version,
            type: `things.made.v${version}`,
            subject: `${stream.subjects[version - 1]}`,
            body: { version: `v${version}`, key },
          }));
          await tx.query(
            `with taken as (
               insert into tandem_aggregates (key, sequence) values ($1, 1)
               on conflict (key) do update set sequence = tandem_aggregates.sequence + 1 returning sequence)
             insert into tandem_outbox
               (key, sequence, event, event_id, occurred_at, versions, correlation_id, causation_id)
             select $1, taken.sequence, 'things.made', $2, now(), $3, 'c', 'c' from taken`,
            [key, id, JSON.stringify(versions)],
          );
        }
      });
      return ids;
    },
    /** Runs a relay until the outbox is empty. */
    async relay(): Promise<void> {
      const ignore = (): void => undefined;
      const callbacks = { onPublished: ignore, onUnrepresentable: ignore, onRefused: ignore };
      const relay = startRelay({ database: making, broker, source: maker, log, ...callbacks });
      await eventually(async () => (await making.work.query("select 1 from tandem_outbox limit 1")).rowCount === 0);
      await relay.stop(5_000);
    },
    /** The events on the stream by sequence: version and event id. */
    async onStream(): Promise<{ sequence: number; subject: string; eventId: string }[]> {
      const found = [];
      for await (const { sequence, subject, headers } of admin.readStream(stream.name, { follow: false })) {
        found.push({ sequence, subject, eventId: headers["ce-id"] ?? "" });
      }
      return found;
    },
    /** Dead letters of the taker. */
    async letters() {
      const found = [];
      for await (const letter of admin.readStream(deadLetters.name, { follow: false })) found.push(letter);
      return found;
    },
  };
}

export type KeptThings = Awaited<ReturnType<typeof keptThings>>;

/** The dead letter that the process of a service makes itself. */
export function ownLetter(delivery: Delivery, by: GivenUpBy, eventId: string): OutgoingMessage {
  const failure = { code: "HANDLER_FAILED", message: "it threw", eventId } as const;
  return deadLetterOf(delivery, by, failure, new Date());
}

function servicesOf({ streams, consumers }: Topology): [string, string] {
  return [streams[0]?.owner ?? "", consumers[0]?.service ?? ""];
}

function topologyOf(id: string, options: KeptThingsOptions): Topology {
  const { maxAgeMs = 86_400_000, ackWaitMs = 30_000, maxDeliver = 8, duplicateWindowMs = 3_600_000 } = options;
  const servers = { development: { replicas: 1, atomicBatches: false } };
  const durable = `taker${id}-thingMade-v1`;
  return {
    format: 2,
    contract: `Things ${id}`,
    contractVersion: "1.0.0",
    messages: [],
    streams: [
      {
        name: `THINGS_${id}`,
        owner: `maker${id}`,
        subjects: [`things${id}.made.v1`, `things${id}.made.v2`, `replay.${durable}`],
        maxAgeMs,
        duplicateWindowMs: 60_000,
        servers,
      },
      {
        name: `DEAD_LETTERS_${id}`,
        owner: null,
        subjects: [`dead.taker${id}.*.*`],
        maxAgeMs: 30 * 86_400_000,
        duplicateWindowMs,
        servers,
      },
    ],
    consumers: [
      {
        stream: `THINGS_${id}`,
        durable,
        service: `taker${id}`,
        channel: "thingMade",
        event: "things.made",
        version: 1,
        filterSubjects: [`things${id}.made.v1`, `replay.${durable}`],
        deadLetterSubject: `dead.taker${id}.thingMade.v1`,
        replaySubject: `replay.${durable}`,
        orderedByKey: options.orderedByKey ?? false,
        ackWaitMs,
        maxAttempts: 5,
        maxDeliver,
        maxAckPending: 1_000,
      },
    ],
  };
}
