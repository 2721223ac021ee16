/** What a service is made of before it starts: settings, log, metrics, database, context. Nothing here connects. */
import { hostname } from "node:os";
import type { Logger } from "pino";
import { systemClock } from "../clock.ts";
import type { Dependency } from "../dependency.ts";
import type { ServiceDescriptor } from "../descriptors.ts";
import type { HandledEvent } from "../delivery/subscribe.ts";
import type { HandWrittenParts } from "../events/derive-versions.ts";
import { openLog } from "../log.ts";
import { createMetrics, type Metrics } from "../metrics.ts";
import { openDatabase, readsOf, type Database } from "../postgres/database.ts";
import { createUnitOfWork, type Transact } from "../postgres/unit-of-work.ts";
import { keepSecret } from "../redaction/hidden-values.ts";
import { readSettings, refuseFaults } from "../settings/read-settings.ts";
import { runtimeSettings, type RuntimeSettings } from "../settings/runtime-settings.ts";
import type { SettingDeclarations, SettingValues } from "../settings/setting.ts";
import { bindEvolutions } from "./bind-evolutions.ts";
import { bindHandlers, checkFormat } from "./bind-handlers.ts";
import type { ServiceContext, ServiceOptions } from "./service-options.ts";

/** The parts of one service. */
export interface Parts<Publish, Declared extends SettingDeclarations> {
  readonly settings: RuntimeSettings;
  /** The process, as NATS and PostgreSQL show its connections. */
  readonly instance: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly transact: Transact<Publish>;
  readonly context: ServiceContext<Publish, Declared>;
  readonly handled: readonly HandledEvent<Publish>[];
  /** The hand-written parts of mappings between versions. */
  readonly evolutions: HandWrittenParts;
  /** Grows when the context is told of more. */
  readonly dependencies: readonly Dependency[];
  /** Aborted first: take no more work. */
  readonly stopping: AbortController;
  /** Aborted last: nobody waits for what is still in hand. */
  readonly abandoned: AbortController;
}

/**
 * Makes the parts.
 *
 * @param onOutbox called after each commit that left something in the outbox
 * @throws `DESCRIPTOR_FORMAT`, `CONFIG_INVALID` with every problem at once, `HANDLER_MISSING`, `EVOLUTION_MISSING`
 */
export function makeParts<Handlers extends object, Publish, Declared extends SettingDeclarations>(
  descriptor: ServiceDescriptor<Handlers, Publish>,
  options: ServiceOptions<Handlers, Publish, Declared>,
  onOutbox: () => void,
): Parts<Publish, Declared> {
  checkFormat(descriptor);
  const evolutions = bindEvolutions(descriptor, evolutionsOf(options));
  const clock = options.clock ?? systemClock;
  const { settings, own } = settingsOf(options);
  const { LOG_LEVEL: level, LOG_FILE: file } = settings;
  const log = openLog({ service: descriptor.name, level, file, onLine: options.observer?.logged });
  const instance = `${descriptor.name}@${hostname()}:${process.pid}`;
  const database = openDatabase({
    url: settings.DATABASE_URL,
    schema: descriptor.name,
    applicationName: instance,
    connections: settings.DATABASE_CONNECTIONS,
    log,
  });
  const transact = createUnitOfWork<Publish>({
    pool: database.work,
    publishes: descriptor.publishes,
    parts: evolutions,
    clock,
    onOutbox,
  });
  const dependencies = [...(options.dependencies ?? [])];
  for (const { breaker } of dependencies) breaker.follow(clock);
  const abandoned = new AbortController();
  const context: ServiceContext<Publish, Declared> = {
    service: descriptor.name,
    settings: own,
    log,
    clock,
    transact,
    database: readsOf(database.work),
    bodies: { bytes: settings.HTTP_BODY_LIMIT, jsonDepth: settings.HTTP_JSON_DEPTH },
    watch: (dependency) => {
      dependency.breaker.follow(clock);
      dependencies.push(dependency);
    },
    signal: abandoned.signal,
  };
  return {
    settings,
    instance,
    log,
    metrics: createMetrics(descriptor.name),
    database,
    transact,
    context,
    handled: bindHandlers(descriptor, makeHandlers(options, context)),
    evolutions,
    dependencies,
    stopping: new AbortController(),
    abandoned,
  };
}

function settingsOf<Handlers, Publish, Declared extends SettingDeclarations>(
  options: ServiceOptions<Handlers, Publish, Declared>,
): { readonly settings: RuntimeSettings; readonly own: SettingValues<Declared> } {
  const env = options.env ?? process.env;
  const runtime = readSettings(runtimeSettings({ httpPort: options.httpPort ?? 0 }), env);
  const own = readSettings(options.settings, env);
  refuseFaults([...runtime.faults, ...own.faults]);
  keepSecrets(runtimeSettings({ httpPort: 0 }), runtime.values);
  keepSecrets(options.settings ?? {}, own.values);
  return { settings: runtime.values, own: own.values };
}

/** Hides the values of secret settings from every log line. */
function keepSecrets(declared: SettingDeclarations, values: Readonly<Record<string, unknown>>): void {
  for (const [name, { secret }] of Object.entries(declared)) {
    const value = secret ? values[name] : undefined;
    for (const one of Array.isArray(value) ? value : [value]) if (typeof one === "string") keepSecret(one);
  }
}

function makeHandlers<Handlers extends object, Publish, Declared extends SettingDeclarations>(
  { handlers }: ServiceOptions<Handlers, Publish, Declared>,
  context: ServiceContext<Publish, Declared>,
): Handlers {
  return typeof handlers === "function" ? handlers(context) : handlers;
}

/** Whether there are any is in the type of the service; here they are whatever was given. */
function evolutionsOf(options: object): unknown {
  return "evolutions" in options ? options.evolutions : undefined;
}
