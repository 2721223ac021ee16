/** Streams, durables and services of the things contract, on the servers of a test. */
import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { pino } from "pino";
import { afterEach } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import type { ServiceDescriptor } from "../descriptors.ts";
import { messageIdOf, writeHeaders, type Envelope } from "../events/envelope.ts";
import { openAdmin, type StoredMessage } from "../nats/admin.ts";
import { openBroker } from "../nats/broker.ts";
import type { RunningService, ServiceOptions } from "../service/service-options.ts";
import { startService } from "../service/start-service.ts";
import type { SettingDeclarations } from "../settings/setting.ts";
import { thingsContract, type MakerPublishes, type TakerHandlers, type TakerPublishes } from "./things-contract.ts";

/** The servers that a rig stands on. */
export interface RigServers {
  readonly natsUrl: string;
  readonly databaseUrl: string;
}

/** A cause for what a test publishes. */
export const cause = { correlationId: "req-1", causationId: "req-1" };

let rigs = 0;

/** A contract of its own with its streams and durables; everything started through it is stopped by `close`. */
export async function openRig({ natsUrl, databaseUrl }: RigServers) {
  rigs += 1;
  const contract = thingsContract(String(rigs));
  const admin = await openAdmin({ servers: [natsUrl] });
  await admin.createStream(contract.stream, { subjects: [`things${rigs}.>`], duplicateWindowMs: 60_000 });
  if ((await admin.stream("DEAD_LETTERS")) === undefined)
    await admin.createStream("DEAD_LETTERS", { subjects: ["dead.*.*.*"] });
  for (const { handles } of [contract.maker, contract.taker]) {
    for (const { durables, ackWaitMs } of Object.values(handles)) {
      for (const { name, message } of durables) {
        await admin.createDurable(contract.stream, name, {
          filterSubjects: [message.subject],
          ackWaitMs,
          maxDeliver: 8,
        });
      }
    }
  }
  const services: { stop(): Promise<void> }[] = [];
  let lastPublished = 0;
  const outside = openBroker({ servers: [natsUrl], name: "test", log: pino({ level: "silent" }) });

  const start = async <Handlers extends object, Publish, Declared extends SettingDeclarations = SettingDeclarations>(
    descriptor: ServiceDescriptor<Handlers, Publish>,
    options: ServiceOptions<NoInfer<Handlers>, NoInfer<Publish>, Declared>,
  ): Promise<RunningService<Publish, Declared>> => {
    const env = {
      NATS_URL: natsUrl,
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: process.env["TEST_LOG"] ?? "silent",
      ...options.env,
    };
    const service = await startService<Handlers, Publish, Declared>(descriptor, { ...options, env });
    services.push(service);
    return service;
  };

  return {
    contract,
    admin,
    start,
    /** Starts the service that publishes things, and waits until it works. */
    async startMaker(
      options: Partial<ServiceOptions<{ thingTaken(): void }, MakerPublishes, SettingDeclarations>> = {},
    ) {
      const maker = await start(contract.maker, { handlers: { thingTaken: () => undefined }, ...options });
      await maker.ready;
      return maker;
    },
    /** Starts a service that takes things, and waits until it reads. */
    async startTaker(
      thingMade: TakerHandlers["thingMade"],
      options: Partial<ServiceOptions<TakerHandlers, TakerPublishes, SettingDeclarations>> = {},
    ) {
      const taker = await start(contract.taker, { handlers: { thingMade }, ...options });
      await taker.ready;
      return taker;
    },
    /** Publishes a message as any stranger could. */
    async publishRaw(body: unknown, headers: Readonly<Record<string, string>>, messageId: string = randomUUID()) {
      const data =
        body instanceof Uint8Array
          ? body
          : new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
      const ack = await outside.publish({ subject: contract.thingMadeV1.subject, data, headers, messageId });
      lastPublished = ack.sequence;
      return ack;
    },
    /** Publishes a thing as its maker would. */
    async publishThing(thingId: string, changes: Partial<Envelope> = {}, messageId?: string) {
      const envelope: Envelope = {
        eventId: randomUUID(),
        occurredAt: new Date().toISOString(),
        correlationId: `c-${thingId}`,
        causationId: `c-${thingId}`,
        sequence: 1,
        source: "test",
        key: thingId,
        traceparent: undefined,
        ...changes,
      };
      const headers = writeHeaders(contract.thingMadeV1.type, envelope);
      const body = { version: "v1", thing_id: thingId, count: 1 };
      await this.publishRaw(body, headers, messageId ?? messageIdOf(envelope.eventId, 1));
      return envelope;
    },
    /** The dead letters of the taker. */
    async deadLetters(): Promise<StoredMessage[]> {
      const subjects = [`dead.${contract.taker.name}.thingMade.v1`];
      return collect(admin.readStream("DEAD_LETTERS", { subjects, follow: false }));
    },
    /** The stored messages of the rig's stream, in order. */
    async stored(): Promise<StoredMessage[]> {
      return collect(admin.readStream(contract.stream, { follow: false }));
    },
    /** Waits until everything that the rig published was delivered to the taker and settled. */
    async settled(deadlineMs = 15_000): Promise<void> {
      const durable = `${contract.taker.name}-thingMade-v1`;
      await eventually(
        async () => {
          const info = await admin.durable(contract.stream, durable);
          // A consumer learns of a new message a moment after its publisher does: until then nothing is pending.
          return (
            info !== undefined && info.deliveredSequence >= lastPublished && info.pending === 0 && info.ackPending === 0
          );
        },
        { deadlineMs },
      );
    },
    /** Rows of a statement run by the database's owner. */
    async rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
      const client = new Client({ connectionString: databaseUrl });
      await client.connect();
      try {
        return (await client.query<Row>(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
    async close(): Promise<void> {
      await Promise.all(services.map(async (service) => service.stop().catch(() => undefined)));
      await outside.close();
      await admin.close();
    },
  };
}

export type Rig = Awaited<ReturnType<typeof openRig>>;

/** Makes rigs for the tests of a file, and closes them after each. Call it while the file is collected. */
export function rigsForTests(): (servers: RigServers) => Promise<Rig> {
  const opened: Rig[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(async (rig) => rig.close()));
  });
  return async (servers) => {
    const rig = await openRig(servers);
    opened.push(rig);
    return rig;
  };
}

/** The reasons in an answer of `/health/ready`. */
export async function reasonsOf(response: Response): Promise<string[]> {
  const body: unknown = await response.json();
  const reasons: unknown = typeof body === "object" && body !== null && "reasons" in body ? body.reasons : undefined;
  return Array.isArray(reasons) ? reasons.map(String) : [];
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
