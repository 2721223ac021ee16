/** Handlers and jobs of a service on a real database, without a broker: what they publish stays in the outbox. */
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { DeliveryInfo, Handler, ServiceContext, ServiceDescriptor } from "@tandem/runtime";
import { provisionDatabase } from "@tandem/runtime/admin";
import { afterAll } from "vitest";
import type { Meta } from "#generated/schemas/meta.ts";
import { systemClock } from "../../runtime/clock.ts";
import { openLog } from "../../runtime/log.ts";
import { applySchema } from "../../runtime/postgres/apply-schema.ts";
import { openDatabase, type Database } from "../../runtime/postgres/database.ts";
import { createUnitOfWork } from "../../runtime/postgres/unit-of-work.ts";
import { databaseForTest } from "./servers.ts";

/** An event of the outbox. */
interface PublishedEvent {
  /** The event's name without a version, for example `orders.created`. */
  readonly event: string;
  /** Of the version that is written, without `version` and `meta`. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly correlationId: string;
}

/** A service in a test. */
export interface ServiceHarness<Publish> extends Pick<
  ServiceContext<Publish>,
  "database" | "transact" | "clock" | "log" | "signal"
> {
  /** Runs a handler as the runtime does, in a transaction of its own. Rejects with what the handler throws. */
  handle<Event>(handler: Handler<Event, Publish>, event: Event, delivery?: Partial<DeliveryInfo>): Promise<void>;
  /** What was published for a key so far, in order; all of it without one. */
  published(key?: string): Promise<readonly PublishedEvent[]>;
  /** Rows of a statement in the service's schema. */
  rows(sql: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** A service with its own role and schema in a database of the test file's own. Call it while the file is collected. */
export async function serviceForTest<Publish>(
  descriptor: ServiceDescriptor<unknown, Publish>,
  schema: URL,
): Promise<ServiceHarness<Publish>> {
  const { url: adminUrl } = await databaseForTest();
  const [provisioned] = await provisionDatabase(adminUrl, [descriptor.name]);
  if (!provisioned) throw new Error(`No role was made for ${descriptor.name}.`);
  const database = open(descriptor.name, provisioned.url);
  afterAll(() => database.close());
  await applySchema(database.work, descriptor.name, [{ name: "schema.sql", sql: await readFile(schema, "utf8") }]);
  return harness(descriptor, database);
}

/** A service whose database does not answer. */
export function serviceWithoutDatabase<Publish>(
  descriptor: ServiceDescriptor<unknown, Publish>,
): ServiceHarness<Publish> {
  // Nothing listens on port 1, the port of a service that nobody has run for decades.
  const database = open(descriptor.name, "postgres://nobody@127.0.0.1:1/nothing");
  afterAll(() => database.close());
  return harness(descriptor, database);
}

/** An event as a handler gets it, of a version like `v1`. */
export function received<V extends string, P extends object>(
  version: V,
  payload: P,
): P & { readonly version: V; readonly meta: Meta } {
  return { version, ...payload, meta: metaOf(randomUUID(), randomUUID()) };
}

function open(service: string, url: string): Database {
  return openDatabase({
    url,
    schema: service,
    applicationName: `test of ${service}`,
    connections: 20,
    log: silentLog(service),
  });
}

function silentLog(service: string) {
  return openLog({ service, level: "silent", file: undefined });
}

function harness<Publish>(
  descriptor: ServiceDescriptor<unknown, Publish>,
  database: Database,
): ServiceHarness<Publish> {
  const transact = createUnitOfWork<Publish>({
    pool: database.work,
    publishes: descriptor.publishes,
    onOutbox: () => undefined,
  });
  const log = silentLog(descriptor.name);
  const { signal } = new AbortController();
  const written = new Map(Object.values(descriptor.publishes).map(({ name, writes }) => [name, writes.version]));
  const rows: ServiceHarness<Publish>["rows"] = async (sql, values = []) =>
    (await database.work.query<Record<string, unknown>>(sql, [...values])).rows;
  return {
    database: database.work,
    transact,
    clock: systemClock,
    log,
    signal,
    rows,
    handle: async (handler, event, delivery = {}) => {
      const eventId = randomUUID();
      const correlationId = `corr-${eventId}`;
      await transact({ correlationId, causationId: eventId }, async ({ tx, publish }) =>
        handler(event, {
          tx,
          publish,
          log,
          clock: systemClock,
          signal,
          meta: {
            eventId,
            correlationId,
            occurredAt: new Date().toISOString(),
            causationId: eventId,
            sequence: undefined,
            source: "test",
            key: "",
          },
          delivery: {
            stream: "TEST",
            sequence: 1,
            subject: "test",
            durable: "test",
            attempt: 1,
            redelivered: false,
            ...delivery,
          },
        }),
      );
    },
    published: async (key) => {
      const found = await database.work.query<{
        event: string;
        versions: { version: number; body: object }[];
        correlation_id: string;
      }>("select event, versions, correlation_id from tandem_outbox where $1::text is null or key = $1 order by id", [
        key ?? null,
      ]);
      return found.rows.map(({ event, versions, correlation_id }) => ({
        event,
        payload: payloadOf(versions.find(({ version }) => version === written.get(event))?.body ?? {}),
        correlationId: correlation_id,
      }));
    },
  };
}

function payloadOf(body: { version?: unknown; meta?: unknown }): Readonly<Record<string, unknown>> {
  const { version: _version, meta: _meta, ...payload } = body;
  return payload;
}

function metaOf(eventId: string, correlationId: string): Meta {
  return {
    event_id: eventId,
    occurred_at: new Date().toISOString(),
    correlation_id: correlationId,
    causation_id: correlationId,
    sequence: 1,
  };
}
