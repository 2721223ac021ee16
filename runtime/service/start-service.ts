/** A service from its start to its end. */
import type { ServiceDescriptor } from "../descriptors.ts";
import { openDoor, type Door } from "../http/door.ts";
import { createBackpressure } from "../http/backpressure.ts";
import { createHealth } from "../http/health.ts";
import { limitsOf } from "../http/limits.ts";
import type { Broker } from "../broker.ts";
import { openBroker, type BrokerOptions } from "../nats/broker.ts";
import { readOldestUnsentAge } from "../postgres/oldest-unsent.ts";
import { readBacklog } from "../postgres/outbox-rows.ts";
import { poolsInUse, readsOf } from "../postgres/database.ts";
import type { SettingDeclarations } from "../settings/setting.ts";
import { LATE, within } from "../within.ts";
import { bringUp, type Progress } from "./bring-up.ts";
import { makeParts, type Parts } from "./parts.ts";
import type { RunningService, ServiceOptions, WithEvolutions } from "./service-options.ts";
import { shutDown } from "./shut-down.ts";

/** A claim of the relay is held open no longer than this; a later try carries the same message ids. */
const PUBLISH_DEADLINE_MS = 5_000;
const CLOSE_LIMIT_MS = 2_000;
const BACKLOG_LIMIT_MS = 1_000;

/**
 * Starts a service and resolves when its HTTP server listens: health answers from then on, and says what
 * the rest of the start waits for. NATS and PostgreSQL may come up later, and may go away at any time.
 *
 * @throws `CONFIG_INVALID` (every problem at once; the port in use), `HANDLER_MISSING`, `EVOLUTION_MISSING`,
 *   `DESCRIPTOR_FORMAT`
 */
export async function startService<
  Handlers extends object,
  Publish,
  Declared extends SettingDeclarations = SettingDeclarations,
  Evolutions = unknown,
>(
  descriptor: ServiceDescriptor<Handlers, Publish, Evolutions>,
  options: ServiceOptions<NoInfer<Handlers>, NoInfer<Publish>, Declared> & WithEvolutions<NoInfer<Evolutions>>,
): Promise<RunningService<Publish, Declared>> {
  return startServiceOn(openBroker, descriptor, options);
}

/**
 * Starts a service on a broker that somebody else opens: the test harness stands between a service and its broker.
 *
 * @throws as `startService`
 */
export async function startServiceOn<Handlers extends object, Publish, Declared extends SettingDeclarations>(
  open: (options: BrokerOptions) => Broker,
  descriptor: ServiceDescriptor<Handlers, Publish>,
  options: ServiceOptions<Handlers, Publish, Declared>,
): Promise<RunningService<Publish, Declared>> {
  const progress: Progress = {
    phase: "starting",
    waitingFor: undefined,
    relay: undefined,
    outages: undefined,
    parkedEvents: undefined,
    subscriptions: new Map(),
    jobs: Promise.resolve(),
  };
  const parts = makeParts<Handlers, Publish, Declared>(descriptor, options, () => progress.relay?.wake());
  const { settings, log, context } = parts;
  const broker = open({
    servers: settings.NATS_URL,
    name: parts.instance,
    log,
    publishDeadlineMs: PUBLISH_DEADLINE_MS,
    closeLimitMs: CLOSE_LIMIT_MS,
  });
  const health = createHealth({
    service: context.service,
    phase: () => progress.phase,
    waitingFor: () => progress.waitingFor,
    broker,
    database: parts.database.background,
    subscriptions: () => progress.subscriptions,
    dependencies: parts.dependencies,
  });
  parts.metrics.observe({
    natsConnected: () => broker.state.kind === "connected",
    breakers: () => new Map(parts.dependencies.map(({ name, state }) => [name, state])),
    pauses: () => progress.outages?.paused() ?? [],
    readers: () => readersOf(parts, progress),
    parked: async () => progress.parkedEvents?.count(),
    outbox: async () => readBacklogSoon(parts),
    connections: () => poolsInUse(parts.database),
  });
  const backpressure = createBackpressure(settings.HTTP_BACKLOG_LIMIT);
  let door: Door;
  try {
    door = await openDoor({
      host: settings.HTTP_HOST,
      port: settings.HTTP_PORT,
      answers: {
        ...(descriptor.openapi !== undefined && { openapi: descriptor.openapi }),
        ready: health,
        metrics: async () => ({ type: parts.metrics.contentType, text: await parts.metrics.render() }),
      },
      log,
      limits: limitsOf(settings),
      backlog: backpressure.refuse,
      onRefused: parts.metrics.refused,
      onAnswered: parts.metrics.answered,
    });
  } catch (error) {
    await broker.close();
    throw error;
  }
  log.info({ url: door.url }, "live; starting");

  const { promise: stopped, resolve, reject } = Promise.withResolvers<void>();
  let stopCalled = false;
  const ready = bringUp(parts, options, { broker, door }, progress);

  const oldestAge = async (): Promise<number> => readOldestUnsentAge(readsOf(parts.database.background));
  const watched = ready.then(async () => backpressure.watch({ oldestAge, log, stopping: parts.stopping.signal }));
  // A start that fails is told elsewhere.
  watched.catch(() => undefined);

  const end = async (): Promise<void> => {
    progress.phase = "stopping";
    log.info("stopping");
    parts.stopping.abort();
    // A start under way must come to its end first, so that all it has started is stopped.
    await within(CLOSE_LIMIT_MS, ready).catch(() => undefined);
    progress.phase = "stopping";
    const { relay, subscriptions, jobs, parkedEvents } = progress;
    const abandon = (): void => parts.abandoned.abort();
    const { database } = parts;
    await shutDown({
      door,
      subscriptions: [...subscriptions.values()],
      jobs: Promise.all([jobs, parkedEvents?.stopped]),
      relay,
      broker,
      database,
      graceMs: settings.SHUTDOWN_GRACE,
      abandon,
      log,
    });
    log.info("stopped");
  };
  const stop = async (): Promise<void> => {
    if (!stopCalled) {
      stopCalled = true;
      end().then(resolve, reject);
    }
    return stopped;
  };

  // Whoever awaits `ready` or `stopped` hears of it; nobody need await both.
  stopped.catch(() => undefined);
  ready.catch(async (error: unknown) => {
    if (stopCalled) return;
    log.fatal({ err: error }, "the service cannot start");
    stopCalled = true;
    await end();
    reject(error);
  });
  if (options.signal?.aborted === true) void stop();
  options.signal?.addEventListener("abort", () => void stop(), { once: true });

  return { url: door.url, port: door.port, context, ready, stopped, stop };
}

function readersOf<Publish, Declared extends SettingDeclarations>(
  { handled }: Parts<Publish, Declared>,
  { subscriptions }: Progress,
) {
  return handled.flatMap(({ subscription: { event, durables } }) =>
    durables.map(({ name, message }) => {
      const running = subscriptions.get(name);
      const reading = running !== undefined && running.problem === undefined;
      return { event: event.name, version: message.version, reading };
    }),
  );
}

async function readBacklogSoon<Publish, Declared extends SettingDeclarations>({
  database,
  log,
}: Parts<Publish, Declared>) {
  try {
    const backlog = await within(BACKLOG_LIMIT_MS, readBacklog(database.background));
    return backlog === LATE ? undefined : backlog;
  } catch (error) {
    log.debug({ err: error }, "the outbox cannot be counted");
    return undefined;
  }
}
