/** The stream, the durables and the services of the versions contract, on the servers of a test. */
import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import type { MessageDescriptor, ServiceDescriptor } from "../descriptors.ts";
import { messageIdOf, writeHeaders } from "../events/envelope.ts";
import { openAdmin, type StoredMessage } from "../nats/admin.ts";
import { openBroker } from "../nats/broker.ts";
import type { ServiceOptions, WithEvolutions } from "../service/service-options.ts";
import { startService } from "../service/start-service.ts";
import type { SettingDeclarations } from "../settings/setting.ts";
import type { RigServers } from "./things-rig.ts";
import { thingsOf, versionsContract, type ReleaseOptions } from "./versions-contract.ts";

let rigs = 0;

/** A contract of its own in all its releases; everything started through it is stopped when the test is over. */
export async function versionsRig(
  { natsUrl, databaseUrl }: RigServers,
  streamSettings: { readonly replicas?: number; readonly atomicBatches?: boolean } = {},
) {
  rigs += 1;
  const id = String(rigs);
  const { stream, subjects } = thingsOf(id);
  const { v1, v2, maker, taker } = versionsContract(id);
  const admin = await openAdmin({ servers: [natsUrl] });
  onTestFinished(() => admin.close());
  await admin.createStream(stream, { subjects, duplicateWindowMs: 60_000, ...streamSettings });
  if ((await admin.stream("DEAD_LETTERS")) === undefined)
    await admin.createStream("DEAD_LETTERS", { subjects: ["dead.*.*.*"] });
  for (const { version, subject } of [v1, v2]) {
    await admin.createDurable(stream, `${taker}-thingMade-v${version}`, {
      filterSubjects: [subject],
      ackWaitMs: 10_000,
      maxDeliver: 8,
    });
  }
  const outside = openBroker({ servers: [natsUrl], name: "test", log: pino({ level: "silent" }) });
  onTestFinished(() => outside.close());

  return {
    id,
    stream,
    admin,
    maker,
    taker,
    v1,
    v2,
    /** The contract as a release knows it. */
    release: (options: ReleaseOptions = {}) => versionsContract(id, options),
    /** Starts a service and waits until it works. */
    async start<Handlers extends object, Publish, Evolutions>(
      descriptor: ServiceDescriptor<Handlers, Publish, Evolutions>,
      options: ServiceOptions<NoInfer<Handlers>, NoInfer<Publish>, SettingDeclarations> &
        WithEvolutions<NoInfer<Evolutions>>,
    ) {
      const env = { NATS_URL: natsUrl, DATABASE_URL: databaseUrl, LOG_LEVEL: process.env["TEST_LOG"] ?? "silent" };
      const service = await startService<Handlers, Publish, SettingDeclarations, Evolutions>(descriptor, {
        ...options,
        env: { ...env, ...options.env },
      });
      onTestFinished(() => service.stop());
      await service.ready;
      return service;
    },
    /** Publishes one version of a fact as its maker would, or as nobody should. */
    async publish(
      message: MessageDescriptor,
      thingId: string,
      body: object,
      changes: { eventId?: string; type?: string } = {},
    ) {
      const eventId = changes.eventId ?? randomUUID();
      const headers = writeHeaders(changes.type ?? message.type, {
        eventId,
        occurredAt: new Date().toISOString(),
        correlationId: `c-${thingId}`,
        causationId: `c-${thingId}`,
        sequence: 1,
        source: maker,
        key: thingId,
        traceparent: undefined,
      });
      const data = new TextEncoder().encode(JSON.stringify({ thing_id: thingId, ...body }));
      await outside.publish({
        subject: message.subject,
        data,
        headers,
        messageId: messageIdOf(eventId, message.version),
      });
      return eventId;
    },
    async stored(): Promise<StoredMessage[]> {
      return collect(admin.readStream(stream, { follow: false }));
    },
    async deadLetters(service: string): Promise<StoredMessage[]> {
      return collect(admin.readStream("DEAD_LETTERS", { subjects: [`dead.${service}.>`], follow: false }));
    },
    /** Waits until both durables of the taker have delivered what the stream holds, and all of it is settled. */
    async settled(versions: readonly (1 | 2)[] = [1, 2]): Promise<void> {
      const last = (await admin.stream(stream))?.lastSequence ?? 0;
      const lastOf = new Map<string, number>();
      for (const { subject, sequence } of await this.stored()) lastOf.set(subject, sequence);
      for (const { version, subject } of [v1, v2].filter((message) =>
        versions.some((listed) => listed === message.version),
      )) {
        await eventually(
          async () => {
            const info = await admin.durable(stream, `${taker}-thingMade-v${version}`);
            const expected = Math.min(last, lastOf.get(subject) ?? 0);
            return (
              info !== undefined && info.deliveredSequence >= expected && info.pending === 0 && info.ackPending === 0
            );
          },
          { deadlineMs: 15_000 },
        );
      }
    },
    /** Rows of a statement run by the database's owner. */
    async rows<Row extends object>(sql: string): Promise<Row[]> {
      const client = new Client({ connectionString: databaseUrl });
      await client.connect();
      try {
        return (await client.query<Row>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    /** Waits until the maker's outbox is on the stream. */
    async published(deadlineMs = 15_000): Promise<void> {
      const waiting = `select 1 from ${maker}.tandem_outbox`;
      await eventually(async () => (await this.rows(waiting)).length === 0, { deadlineMs });
    },
  };
}

/** The body of a stored message. */
export function bodyOf({ data }: StoredMessage): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(data));
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
