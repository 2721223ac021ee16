/** What a delivery is handled with. */
import type { Logger } from "pino";
import type { Broker, ServingClass } from "../broker.ts";
import type { Clock } from "../clock.ts";
import type { DurableDescriptor, SubscriptionDescriptor } from "../descriptors.ts";
import type { HandWrittenParts } from "../events/derive-versions.ts";
import type { HandlerContext } from "../handler.ts";
import type { Metrics } from "../metrics.ts";
import type { Outages } from "../pause/outages.ts";
import type { ServiceObserver } from "../observer.ts";
import type { Queryable } from "../postgres/database.ts";
import type { Transact } from "../postgres/unit-of-work.ts";
import type { Isolation } from "./isolation.ts";
import type { KeyWaiting } from "./key-waiting.ts";
import type { ParkedEvents } from "./parked-events.ts";
import type { Slots } from "./slots.ts";

/** What every subscription of a service shares. */
export interface DeliveryDependencies<Publish> {
  readonly service: string;
  readonly broker: Broker;
  /** How soon this process is served, where the contract has a policy for that. */
  readonly serving: ServingClass;
  readonly transact: Transact<Publish>;
  /** For single statements; rejects with `DATABASE_DOWN`. */
  readonly database: Queryable;
  /** The hand-written parts of mappings between versions. */
  readonly parts: HandWrittenParts;
  /** Runs at once in this process, all subscriptions together: as many as there are connections for them. */
  readonly runs: Slots;
  /** Who may run beside whom, all subscriptions together. */
  readonly isolation: Isolation;
  /** Where deliveries wait in hand for the turn of their key. */
  readonly keyWaiting: KeyWaiting;
  /** Where they wait in the database. */
  readonly parkedEvents: Pick<ParkedEvents, "release">;
  /** Where deliveries wait for what does not answer. */
  readonly outages: Pick<Outages, "wait" | "reads">;
  readonly metrics: Metrics;
  /** Hears of each outcome. */
  readonly observer: ServiceObserver | undefined;
  readonly log: Logger;
  readonly clock: Clock;
  /** Aborts when the process is told to stop: what is only waiting is handed back. */
  readonly stopping: AbortSignal;
  /** Aborts when the grace period is over: what handlers are given. */
  readonly abandoned: AbortSignal;
}

/** One durable with its handler. */
export interface DeliveryTarget<Publish> {
  readonly subscription: SubscriptionDescriptor;
  readonly durable: DurableDescriptor;
  readonly handle: (event: unknown, context: HandlerContext<Publish>) => Promise<void>;
}
