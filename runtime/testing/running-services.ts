/** The services of a test system while they run, and what is left of them afterwards. */
import { systemClock, type Clock } from "../clock.ts";
import type { ServiceDescriptor } from "../descriptors.ts";
import { openBroker } from "../nats/broker.ts";
import type { DeliveryReport } from "../observer.ts";
import { TandemError } from "../errors.ts";
import type { Queryable } from "../postgres/database.ts";
import { readBacklog } from "../postgres/outbox-rows.ts";
import { firstOfLines } from "../postgres/parked-rows.ts";
import { openStore, type Store } from "../postgres/store.ts";
import type { RunningService, ServiceContext, ServiceOptions, WithEvolutions } from "../service/service-options.ts";
import { startServiceOn } from "../service/start-service.ts";
import type { SettingDeclarations } from "../settings/setting.ts";
import { TestingError } from "./errors.ts";
import { LogLines } from "./log-lines.ts";
import { readersOf, type Reader } from "./rest.ts";
import { wrapBroker } from "./test-broker.ts";
import type { WireNames } from "./wire-names.ts";
import { WorkInHand } from "./work-in-hand.ts";
import { wordsOf } from "../words-of.ts";

/** What the services stand on. */
export interface Ground {
  readonly natsUrl: string;
  readonly databaseUrl: string;
  readonly names: WireNames;
  /** The time that they live in. */
  readonly clock: Clock;
}

interface Started {
  readonly descriptor: ServiceDescriptor;
  readonly service: RunningService<unknown>;
  running: boolean;
}

/** Keys that are looked at: one is enough to say that there is no rest. */
const PARKED_SHOWN = 1_000;

/** The services: started, looked at, stopped. */
export class RunningServices {
  readonly inHand = new WorkInHand();
  readonly log = new LogLines();
  /** What became of deliveries, in the order in which it did. */
  readonly reports: DeliveryReport[] = [];
  readonly #ground: Ground;
  readonly #started: Started[] = [];
  readonly #store: Store;

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#store = openStore(ground.databaseUrl);
  }

  get descriptors(): readonly ServiceDescriptor[] {
    return this.#started.map(({ descriptor }) => descriptor);
  }

  /** What running services read, and those that run elsewhere. */
  readers(elsewhere: readonly ServiceDescriptor[] = []): readonly Reader[] {
    const here = this.#started.filter(({ running }) => running).map(({ descriptor }) => descriptor);
    const readers = [...here, ...elsewhere].flatMap(readersOf);
    return [...new Map(readers.map((reader) => [`${reader.stream} ${reader.durable}`, reader])).values()];
  }

  async start<Handlers extends object, Publish, Declared extends SettingDeclarations, Evolutions>(
    descriptor: ServiceDescriptor<Handlers, Publish, Evolutions>,
    options: ServiceOptions<Handlers, Publish, Declared> & WithEvolutions<Evolutions>,
  ): Promise<RunningService<Publish, Declared>> {
    const { natsUrl, databaseUrl, names, clock } = this.#ground;
    const { inHand, log, reports } = this;
    const { name: service } = descriptor;
    const { observer, clock: own = clock } = options;
    const watched = { service, names, clock: inHand.watch(own), clockIsMoved: clock !== systemClock, inHand };
    const running = await startServiceOn<Handlers, Publish, Declared>(
      (given) => wrapBroker(openBroker(given), watched),
      descriptor,
      {
        ...options,
        clock: watched.clock,
        jobs: (options.jobs ?? []).map((job) => ({
          ...job,
          run: async (context: ServiceContext<Publish, Declared>) =>
            inHand.job(`job ${job.name} of ${service}`, async () => job.run(context)),
        })),
        observer: {
          delivered: (report) => {
            reports.push(report);
            inHand.reported(report);
            observer?.delivered?.(report);
          },
          logged: (line) => {
            log.add(service, line);
            observer?.logged?.(line);
          },
        },
        env: {
          NATS_URL: natsUrl,
          DATABASE_URL: databaseUrl,
          HTTP_PORT: "0",
          // One process plays all the clients.
          HTTP_RATE: "0",
          LOG_LEVEL: process.env["TEST_LOG"] ?? "silent",
          ...options.env,
        },
      },
    );
    const started: Started = { descriptor, service: running, running: true };
    this.#started.push(started);
    const over = (): void => {
      started.running = false;
    };
    running.stopped.then(over, over);
    return { ...running, stop: async () => (over(), running.stop()) };
  }

  /** The one that was started last under the name. */
  find(name: string): RunningService<unknown> {
    const found = this.#started.findLast(({ descriptor }) => descriptor.name === name);
    if (found !== undefined) return found.service;
    const known = [...new Set(this.descriptors.map((descriptor) => descriptor.name))].join(", ") || "none";
    throw new TestingError("SERVICE_UNKNOWN", `The test system runs no service ${name}; it has ${known}.`);
  }

  /** The schema of a service, for statements of the test. */
  database(service: string): Queryable {
    return this.#store.of(service);
  }

  /** What waits in the outbox of each service that was ever started, or that runs elsewhere. */
  async outboxes(
    elsewhere: readonly ServiceDescriptor[] = [],
  ): Promise<{ service: string; rows: number; refused: number }[]> {
    const services = [...new Set([...this.descriptors, ...elsewhere].map(({ name }) => name))];
    return Promise.all(
      services.map(async (service) => {
        try {
          const { rows, refused } = await readBacklog(this.database(service));
          return { service, rows, refused };
        } catch (error) {
          if (error instanceof TandemError) throw error;
          // The service has not made its tables yet.
          return { service, rows: 0, refused: 0 };
        }
      }),
    );
  }

  /** How many keys of each service have an event parked whose way is free. */
  async parked(elsewhere: readonly ServiceDescriptor[] = []): Promise<{ service: string; keys: number }[]> {
    const ordered = [...this.descriptors, ...elsewhere].filter(({ handles }) =>
      Object.values(handles).some(({ orderedByKey }) => orderedByKey),
    );
    return Promise.all(
      [...new Set(ordered.map(({ name }) => name))].map(async (service) => {
        try {
          const first = await firstOfLines(this.database(service), service, undefined, PARKED_SHOWN);
          const free = first.filter(({ blocked, releasedSequence }) => !blocked && releasedSequence === undefined);
          return { service, keys: free.length };
        } catch (error) {
          if (error instanceof TandemError) throw error;
          // The service has not made its tables yet.
          return { service, keys: 0 };
        }
      }),
    );
  }

  /** Stops all of them. Answers what went wrong, in words. */
  async stop(): Promise<string[]> {
    const stopped = await Promise.allSettled(this.#started.map(async ({ service }) => service.stop()));
    await this.#store.close();
    return stopped.flatMap((outcome, place) => {
      if (outcome.status === "fulfilled") return [];
      const reason: unknown = outcome.reason;
      return [`${this.#started[place]?.descriptor.name}: ${wordsOf(reason)}`];
    });
  }
}
