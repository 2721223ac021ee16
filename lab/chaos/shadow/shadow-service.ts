/** A service without a broker: its own handlers on a fresh database. What they publish stays in the outbox. */
import { readFile } from "node:fs/promises";
import { classify, type Handler, type ServiceDescriptor } from "@tandem/runtime";
import type { StoredMessage } from "@tandem/runtime/admin";
import { systemClock } from "../../../runtime/clock.ts";
import type { DurableDescriptor, SubscriptionDescriptor } from "../../../runtime/descriptors.ts";
import { readEvent } from "../../../runtime/events/read-event.ts";
import { upcastTo } from "../../../runtime/events/upcast.ts";
import { openLog } from "../../../runtime/log.ts";
import { applySchema } from "../../../runtime/postgres/apply-schema.ts";
import { openDatabase } from "../../../runtime/postgres/database.ts";
import { recordInbox } from "../../../runtime/postgres/inbox.ts";
import { createUnitOfWork } from "../../../runtime/postgres/unit-of-work.ts";

type Row = Readonly<Record<string, unknown>>;

export interface ShadowService {
  /**
   * Applies a message as the runtime does: inbox, handler and outbox in one transaction. False when the service reads
   * no such subject, or applied the event before.
   *
   * @throws what the handler throws, and what reading the message throws
   */
  apply(message: StoredMessage): Promise<boolean>;
  rows(sql: string): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/**
 * Opens one.
 *
 * @param url of the service's role on an empty database
 * @param schema the service's `schema.sql`
 */
export async function openShadowService<Publish>(
  descriptor: ServiceDescriptor<unknown, Publish>,
  handlers: Readonly<Record<string, unknown>>,
  url: string,
  schema: URL,
): Promise<ShadowService> {
  const service = descriptor.name;
  const log = openLog({ service, level: "silent", file: undefined });
  const database = openDatabase({ url, schema: service, applicationName: "tandem shadow", connections: 5, log });
  await applySchema(database.work, service, [{ name: "schema.sql", sql: await readFile(schema, "utf8") }]);
  const transact = createUnitOfWork<Publish>({
    pool: database.work,
    publishes: descriptor.publishes,
    onOutbox: () => undefined,
  });
  const readers = readersOf(descriptor);

  return {
    async apply(message) {
      const reader = readers.get(message.subject);
      if (reader === undefined) return false;
      const { channel, subscription, durable } = reader;
      const { event } = subscription;
      const newest = subscription.durables[0]?.message ?? durable.message;
      const received = upcastTo(newest, event, durable.message, {})(readEvent(message, event, durable.message));
      const handler = handlers[channel];
      if (received === undefined || !isHandler<Publish>(handler)) return false;
      const { body, envelope } = received;
      const { correlationId, eventId } = envelope;
      return transact({ correlationId, causationId: eventId }, async ({ tx, publish }) => {
        const { version } = durable.message;
        const place = { stream: message.stream, streamSequence: message.sequence, runs: 1 };
        if (!(await recordInbox(tx, { service, event: event.name, version, envelope, ...place }))) return false;
        await handler(body, {
          ...{ tx, publish, log, meta: envelope, clock: systemClock, signal: new AbortController().signal },
          delivery: {
            ...{ stream: message.stream, sequence: message.sequence, subject: message.subject },
            ...{ durable: durable.name, attempt: 1, redelivered: false },
          },
        });
        return true;
      });
    },
    rows: async (sql) => (await database.work.query<Row>(sql)).rows,
    close: async () => database.close(),
  };
}

/** Whether nobody could take a message, whoever tries again. */
export function isForGood(error: unknown): boolean {
  return !["transient", "unavailable"].includes(classify(error));
}

interface Reader {
  readonly channel: string;
  readonly subscription: SubscriptionDescriptor;
  readonly durable: DurableDescriptor;
}

function readersOf({ handles }: ServiceDescriptor): ReadonlyMap<string, Reader> {
  return new Map(
    Object.entries(handles).flatMap(([channel, subscription]) =>
      subscription.durables.map((durable) => [durable.message.subject, { channel, subscription, durable }] as const),
    ),
  );
}

function isHandler<Publish>(value: unknown): value is Handler<unknown, Publish> {
  return typeof value === "function";
}
