/** What a test system is to those who test handlers: a whole system in one process, on a real NATS and a real PostgreSQL. */
import type { PublishAck } from "../broker.ts";
import type { Clock } from "../clock.ts";
import type { EventDescriptor, Payload, ServiceDescriptor } from "../descriptors.ts";
import type { Envelope } from "../events/envelope.ts";
import type { DeliveryReport } from "../observer.ts";
import type { StreamRequest } from "../nats/admin-shapes.ts";
import type { Queryable } from "../postgres/database.ts";
import type { RunningService } from "../service/service-options.ts";
import type { DeadLetter, PublishedEvent } from "./facts.ts";
import type { LogLine } from "./log-lines.ts";
import type { ManualClock } from "./manual-clock.ts";
import type { OutsideMessage, OutsideOrigin } from "./outsider.ts";
import type { SettledOptions } from "./rest.ts";
import type { ServedService, Start } from "./served-service.ts";
import type { NamedServers } from "./servers/servers.ts";
import type { Story } from "./story.ts";
import type { TestTopology } from "./topology.ts";

/** What a test system is made of. */
export interface TestSystemOptions<C extends Clock = Clock> extends NamedServers {
  /** Started one after the other, each when the one before it is ready. None when absent. */
  readonly services?: readonly ServedService[];
  /** The time that the services live in; a clock that the test moves when absent. `systemClock` is that of the machine. */
  readonly clock?: C;
  /** The content of `generated/topology.json`. Streams and durables are made of the descriptors when absent. */
  readonly topology?: TestTopology;
  /** Said of every stream besides, where there is no topology: replicas, batches. */
  readonly streamSettings?: Omit<Partial<StreamRequest>, "subjects">;
  /**
   * What streams and subjects begin with on the server, so that systems of one contract can share it: `/[a-z0-9]+/`.
   * Services and this interface say the names of the contract. When absent: one of its own on a server that was
   * named, and none on one that was started for this system.
   */
  readonly namespace?: string;
}

/** Which deliveries to answer: those that are equal in everything that is said. */
export type DeliveryFilter = Partial<Omit<DeliveryReport, "error">>;

/** Which dead letters to answer. */
export type DeadLetterFilter = Partial<Pick<DeadLetter, "service" | "channel" | "code" | "eventId" | "correlationId">>;

/** How a test system ends. */
export interface StopOptions {
  /** Whether dead letters that no `deadLettered` has answered are no failure. False when absent. */
  readonly ignoreDeadLetters?: boolean;
}

/** A running test system. */
export interface TestSystem<C extends Clock = ManualClock> extends AsyncDisposable {
  readonly clock: C;
  readonly natsUrl: string;
  /** The system's own database. */
  readonly databaseUrl: string;
  readonly namespace: string;
  /** Starts a further service, replica or release; resolves when its HTTP listens. Makes its durables, if it is the first. */
  readonly start: Start;
  /** Makes the streams and durables of services that are started later. */
  provision(...descriptors: readonly ServiceDescriptor[]): Promise<void>;
  /** The service of that name that was started last. Throws `SERVICE_UNKNOWN`. */
  service<Publish>(service: ServiceDescriptor<unknown, Publish>): RunningService<Publish>;
  service(name: string): RunningService<unknown>;
  /** Runs statements in a service's schema. */
  database(service: string | ServiceDescriptor): Queryable;
  /** Publishes an event past any outbox, as a service would that is not part of this system. Checked like any other. */
  publish<Written>(
    event: EventDescriptor<Written>,
    payload: Payload<Written>,
    origin?: OutsideOrigin,
  ): Promise<Envelope>;
  /** Stores any bytes, as a stranger could. */
  publishRaw(message: OutsideMessage): Promise<PublishAck>;
  /**
   * Resolves when nothing moves any more: every outbox is empty, every running service has handled what is on its
   * subjects, no job runs. Answers what is left waiting, in words; nothing unless `allowHeld`.
   *
   * @throws `NOT_SETTLED` that says what moves, or that the rest waits for the clock
   */
  settled(options?: SettledOptions): Promise<readonly string[]>;
  /** Everything that came of a request, in the order of causes. Print it with `String(story)`. */
  story(correlationId: string): Promise<Story>;
  /** The events on the streams in their order; of one event with the body of the version that is written. */
  published(): Promise<readonly PublishedEvent[]>;
  published<Written>(event: EventDescriptor<Written>): Promise<readonly PublishedEvent<Written>[]>;
  /** What became of deliveries, in the order in which it did. */
  deliveries(filter?: DeliveryFilter): readonly DeliveryReport[];
  /** Those whose handler ran and was committed. */
  handled(filter?: DeliveryFilter): readonly DeliveryReport[];
  /** Those that failed and were to be tried again. */
  retried(filter?: DeliveryFilter): readonly DeliveryReport[];
  /** Those that were kept in hand, because what they need did not answer: one for each try. */
  held(filter?: DeliveryFilter): readonly DeliveryReport[];
  /** The dead letters, which count as expected from then on. */
  deadLettered(filter?: DeadLetterFilter): Promise<readonly DeadLetter[]>;
  /**
   * Throws `DEAD_LETTERS` with the story of each message that was given up and that no `deadLettered` has answered.
   */
  expectNoDeadLetters(): Promise<void>;
  /** What a service has logged, level info and above. */
  log(service: string | ServiceDescriptor): readonly LogLine[];
  /**
   * Stops the services, removes streams, database and what servers were started.
   *
   * @throws `DEAD_LETTERS` as `expectNoDeadLetters`, `STOP_FAILED` naming the services; after everything is removed
   */
  stop(options?: StopOptions): Promise<void>;
}
