/** A test system of the versions contract, on the servers of a test. */
import { randomUUID } from "node:crypto";
import { onTestFinished } from "vitest";
import { systemClock } from "../clock.ts";
import type { MessageDescriptor } from "../descriptors.ts";
import { messageIdOf, writeHeaders } from "../events/envelope.ts";
import { openAdmin, type StoredMessage } from "../nats/admin.ts";
import { startTestSystem, type Start } from "../testing/index.ts";
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
  const { stream } = thingsOf(id);
  const { v1, v2, maker, taker, takesBoth, writesV2 } = versionsContract(id);
  const system = await startTestSystem({ natsUrl, databaseUrl, namespace: "", clock: systemClock, streamSettings });
  onTestFinished(() => system.stop({ ignoreDeadLetters: true }));
  await system.provision(takesBoth, writesV2);
  const admin = await openAdmin({ servers: [natsUrl] });
  onTestFinished(() => admin.close());
  const start: Start = async (descriptor, options) => {
    const service = await system.start(descriptor, options);
    await service.ready;
    return service;
  };

  return {
    id,
    stream,
    admin,
    databaseUrl: system.databaseUrl,
    maker,
    taker,
    v1,
    v2,
    /** The contract as a release knows it. */
    release: (options: ReleaseOptions = {}) => versionsContract(id, options),
    /** Starts a service and waits until it works. */
    start,
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
      const messageId = messageIdOf(eventId, message.version);
      await system.publishRaw({ subject: message.subject, body: { thing_id: thingId, ...body }, headers, messageId });
      return eventId;
    },
    stored: async (): Promise<StoredMessage[]> => Array.fromAsync(admin.readStream(stream, { follow: false })),
    deadLetters: async (service: string): Promise<StoredMessage[]> =>
      (await system.deadLettered({ service })).map(({ stored }) => stored),
    /** Waits until everything is on the stream, and whoever reads it has settled it. */
    settled: async (deadlineMs?: number) => system.settled(deadlineMs === undefined ? {} : { deadlineMs }),
    /** Rows of a statement run by the database's owner. */
    rows: async <Row extends object>(sql: string): Promise<Row[]> =>
      (await system.database(taker).query<Row>(sql)).rows,
  };
}

/** The body of a stored message. */
export function bodyOf({ data }: StoredMessage): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(data));
}
