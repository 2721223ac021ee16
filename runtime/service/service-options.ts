/** What a service hands to the runtime, and what it is given. */
import type { RequestListener } from "node:http";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Dependency } from "../dependency.ts";
import type { ServiceObserver } from "../observer.ts";
import type { Queryable } from "../postgres/database.ts";
import type { Transact } from "../postgres/unit-of-work.ts";
import type { Environment } from "../settings/read-settings.ts";
import type { SettingDeclarations, SettingValues } from "../settings/setting.ts";

/** What a service's own code works with outside a handler: in HTTP routes and jobs. */
export interface ServiceContext<Publish, Declared extends SettingDeclarations = SettingDeclarations> {
  /** The service's name in the contract. */
  readonly service: string;
  readonly settings: SettingValues<Declared>;
  readonly log: Logger;
  /** The time, for deadlines and the like. */
  readonly clock: Clock;
  /** Changes the service's state and publishes events, in one transaction. */
  readonly transact: Transact<Publish>;
  /** Reads outside a transaction. Rejects with `DATABASE_DOWN` when the database does not answer. */
  readonly database: Queryable;
  /** What the service's own routes read of a body at most. */
  readonly bodies: BodyLimits;
  /** Shows a dependency in health and metrics, and has its breaker follow the service's clock. */
  watch(dependency: Dependency): void;
  /** Aborts when the process is told to stop and the grace period is over. */
  readonly signal: AbortSignal;
}

/** What is read of a request's body at most; the rest of what a request may be is looked at before a route sees it. */
export interface BodyLimits {
  /** Bytes. A body that says its length was measured already. */
  readonly bytes: number;
  /** Levels of arrays and objects, for `readJson`. */
  readonly jsonDepth: number;
}

/** Work that comes round. It runs in every replica, so two runs at the same time must do no harm. */
export interface Job<Publish, Declared extends SettingDeclarations = SettingDeclarations> {
  /** A constant: it is a label of metrics. */
  readonly name: string;
  /** From the end of one run to the start of the next, milliseconds. The first starts with the service. */
  readonly everyMs: number;
  /** Does the work. A failure is logged and counted, and the next run comes as usual. */
  run(context: ServiceContext<Publish, Declared>): Promise<void>;
}

/** A service: its handlers, and what else it is made of. */
export interface ServiceOptions<Handlers, Publish, Declared extends SettingDeclarations> {
  /** One handler for each event that the contract says it handles; or what makes them of the context. */
  readonly handlers: Handlers | ((context: ServiceContext<Publish, Declared>) => Handlers);
  /** The service's `schema.sql`: idempotent statements, applied at start. None when absent. */
  readonly schema?: URL;
  /** The service's own settings, by the names of their variables. */
  readonly settings?: Declared;
  /** Makes the service's HTTP routes. Called once the tables are there. */
  readonly http?: (context: ServiceContext<Publish, Declared>) => Promise<RequestListener> | RequestListener;
  /** The default of `HTTP_PORT`; 0, a free port, when absent. */
  readonly httpPort?: number;
  readonly jobs?: readonly Job<Publish, Declared>[];
  /** Dependencies to show in health and metrics; `context.watch` adds more. */
  readonly dependencies?: readonly Dependency[];
  /** The environment; `process.env` when absent. */
  readonly env?: Environment;
  /** The time that the service lives in; that of the machine when absent. */
  readonly clock?: Clock;
  /** Hears what becomes of each delivery, and what is logged. Nobody when absent. */
  readonly observer?: ServiceObserver;
  /** Stops the service when it aborts. */
  readonly signal?: AbortSignal;
}

/**
 * The hand-written parts of the mappings that a service runs, by the names that the contract gives them: demanded
 * when it has any, ignored when it has none, so that all services can be given the same object.
 */
export type WithEvolutions<Evolutions> = unknown extends Evolutions
  ? { readonly evolutions?: object }
  : { readonly evolutions: Evolutions };

/** A started service. */
export interface RunningService<Publish, Declared extends SettingDeclarations = SettingDeclarations> {
  /** Where HTTP listens. */
  readonly url: string;
  readonly port: number;
  readonly context: ServiceContext<Publish, Declared>;
  /** Resolves when the tables are there and everything is started; rejects when it cannot be. */
  readonly ready: Promise<void>;
  /** Resolves when the service has stopped; rejects when it could not start for good. */
  readonly stopped: Promise<void>;
  /** Stops in order, within the grace period and a little more. The same as `stopped` afterwards. */
  stop(): Promise<void>;
}
