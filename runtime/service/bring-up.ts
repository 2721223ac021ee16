/** The order in which a service starts. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Broker, Subscription } from "../broker.ts";
import { holdWhileUnavailable } from "../delivery/hold.ts";
import { createIsolation } from "../delivery/isolation.ts";
import { createKeyWaiting } from "../delivery/key-waiting.ts";
import { watchParkedEvents, type ParkedEvents } from "../delivery/parked-events.ts";
import { createSlots } from "../delivery/slots.ts";
import { subscribeAll } from "../delivery/subscribe.ts";
import { createOutages, type Outages } from "../pause/outages.ts";
import type { Door } from "../http/door.ts";
import { noRoutes } from "../http/own-paths.ts";
import type { Phase } from "../http/health.ts";
import { applySchema, type SchemaPart } from "../postgres/apply-schema.ts";
import { readsOf } from "../postgres/database.ts";
import { startRelay, type Relay } from "../postgres/relay.ts";
import { servingClassOf, unheardClass } from "../settings/consumer-settings.ts";
import type { SettingDeclarations } from "../settings/setting.ts";
import { runJobs } from "./jobs.ts";
import type { Parts } from "./parts.ts";
import type { ServiceOptions } from "./service-options.ts";
import { wordsOf } from "../words-of.ts";

/** How far a service has come. Written while it starts and stops, read by health. */
export interface Progress {
  phase: Phase;
  /** What the start waits for, in words. */
  waitingFor: string | undefined;
  relay: Relay | undefined;
  /** Undefined until the tables are there. */
  outages: Outages | undefined;
  /** Undefined until the tables are there. */
  parkedEvents: ParkedEvents | undefined;
  subscriptions: ReadonlyMap<string, Subscription>;
  /** Resolves when no job runs any more. */
  jobs: Promise<void>;
}

/** Connections that handlers leave to HTTP and jobs. */
const CONNECTIONS_BESIDE_HANDLERS = 3;

/**
 * Makes the tables as soon as the database answers, then starts the relay, the routes, the subscriptions
 * and the jobs. NATS need not be there: what needs it waits for it.
 *
 * @throws `SCHEMA_FAILED`, what the service's `http` throws, and `DATABASE_DOWN` when the service is
 *   stopped while it still waits for the database
 */
export async function bringUp<Handlers, Publish, Declared extends SettingDeclarations>(
  parts: Parts<Publish, Declared>,
  options: Pick<ServiceOptions<Handlers, Publish, Declared>, "schema" | "http" | "jobs" | "observer">,
  { broker, door }: { readonly broker: Broker; readonly door: Door },
  progress: Progress,
): Promise<void> {
  const { context, database, log, metrics, settings } = parts;
  const { clock } = context;
  const stopping = parts.stopping.signal;

  const schema = await readSchema(options.schema);
  const postponed = await holdWhileUnavailable(async () => applySchema(database.work, database.schema, schema), {
    clock,
    stopping,
    onHold: (error, delayMs) => {
      progress.waitingFor = wordsOf(error);
      log.warn({ reason: progress.waitingFor, delayMs }, "the start waits for the database");
    },
  });
  progress.waitingFor = undefined;
  if (postponed.length > 0) log.warn({ postponed }, "weeks of history could not be made; their rows go to DEFAULT");

  progress.relay = startRelay({
    database,
    broker,
    source: context.service,
    log,
    atomicBatches: settings.ATOMIC_BATCHES === "on",
    onPublished: ({ event }, version) => metrics.published({ event, version }, "published"),
    onUnrepresentable: ({ event }, { version, policy }) => {
      metrics.unrepresentable({ event, version });
      if (policy === "dead-letter") metrics.deadLettered({ event, version }, "UNREPRESENTABLE");
    },
    onRefused: ({ event, versions }) => {
      for (const { version } of versions) metrics.published({ event, version }, "refused");
    },
  });
  door.serve((await options.http?.(context)) ?? noRoutes);
  if (stopping.aborted) return;
  const runs = createSlots(Math.max(1, database.work.options.max - CONNECTIONS_BESIDE_HANDLERS));
  const outages = createOutages({
    instance: parts.instance,
    broker,
    database,
    dependencies: parts.dependencies,
    clock,
    log,
    metrics,
    stopping,
  });
  progress.outages = outages;
  // A process that starts during an outage need not find out by itself.
  await outages.listen();
  const parkedEvents = watchParkedEvents({
    service: context.service,
    broker,
    // Handlers may hold every other connection, and wait for what is released.
    database: readsOf(database.background),
    subscriptions: parts.handled.map(({ subscription }) => subscription),
    log,
    stopping,
  });
  progress.parkedEvents = parkedEvents;
  const serving = servingClassOf(settings);
  const unheard = unheardClass(
    serving,
    parts.handled.map(({ subscription }) => subscription.priority?.policy),
  );
  if (unheard !== undefined) log.warn({ reason: unheard }, "the class of this instance changes nothing");
  progress.subscriptions = subscribeAll(
    {
      service: context.service,
      broker,
      serving,
      transact: parts.transact,
      database: context.database,
      parts: parts.evolutions,
      runs,
      isolation: createIsolation(),
      keyWaiting: createKeyWaiting(),
      parkedEvents,
      outages,
      metrics,
      observer: options.observer,
      log,
      clock,
      stopping,
      abandoned: context.signal,
    },
    parts.handled,
  );
  const jobs = (options.jobs ?? []).map((job) => ({ ...job, run: async () => job.run(context) }));
  progress.jobs = runJobs(jobs, log, metrics, clock, stopping);
  progress.phase = "running";
  log.info({ url: door.url, logLevel: settings.LOG_LEVEL, durables: [...progress.subscriptions.keys()] }, "started");
}

async function readSchema(schema: URL | undefined): Promise<SchemaPart[]> {
  if (schema === undefined) return [];
  return [{ name: fileURLToPath(schema).split(/[\\/]/).at(-1) ?? "schema", sql: await readFile(schema, "utf8") }];
}
