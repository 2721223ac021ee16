/** How a test system is put together, and taken apart. */
import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { systemClock, type Clock } from "../clock.ts";
import type { EventDescriptor, ServiceDescriptor } from "../descriptors.ts";
import { openAdmin } from "../nats/admin.ts";
import { openBroker } from "../nats/broker.ts";
import type { DeliveryReport } from "../observer.ts";
import { createScratchDatabase } from "../postgres/scratch-database.ts";
import type { RunningService } from "../service/service-options.ts";
import { TestingError } from "./errors.ts";
import { factsOf, factsOfEvent, lettersOf, subjectsOf, type DeadLetter, type PublishedEvent } from "./facts.ts";
import { History } from "./history.ts";
import { ManualClock } from "./manual-clock.ts";
import { createOutsider } from "./outsider.ts";
import { untilSettled, type RestSources } from "./rest.ts";
import { RunningServices } from "./running-services.ts";
import type { Start } from "./served-service.ts";
import { startTestServers } from "./servers/servers.ts";
import { tellStory, type Story } from "./story.ts";
import { planOf, TestStreams } from "./streams.ts";
import type { DeliveryFilter, TestSystem, TestSystemOptions } from "./test-system.ts";
import { planOfTopology } from "./topology.ts";
import { wireNames } from "./wire-names.ts";

/** How long a clock waits for the system to come to rest before it moves on. */
const CLOCK_LIMIT_MS = 10_000;

/** What there is to undo, in the order in which it was done. */
type Undo = (() => Promise<unknown> | void)[];

/**
 * Starts a test system: servers where none are named, a database and streams of its own, and the services.
 *
 * @throws `SERVER_MISSING`, `SERVER_FAILED`, `STREAM_TAKEN`, and what a service's start throws
 */
export async function startTestSystem(options?: TestSystemOptions<ManualClock>): Promise<TestSystem>;
export async function startTestSystem<C extends Clock>(
  options: TestSystemOptions<C> & { readonly clock: C },
): Promise<TestSystem<C>>;
export async function startTestSystem(options: TestSystemOptions = {}): Promise<TestSystem<Clock>> {
  const undo: Undo = [];
  try {
    return await build(options, undo);
  } catch (error) {
    await undoAll(undo);
    throw error;
  }
}

async function build(options: TestSystemOptions, undo: Undo): Promise<TestSystem<Clock>> {
  const { services = [], topology, streamSettings, clock = new ManualClock() } = options;
  const servers = await startTestServers(options);
  undo.push(servers.stop);
  const { natsUrl } = servers;
  const named = (options.natsUrl ?? process.env["NATS_URL"] ?? "") !== "";
  const names = wireNames(options.namespace ?? (named ? `t${randomBytes(5).toString("hex")}` : ""));
  const database = await createScratchDatabase(servers.databaseUrl);
  undo.push(database.drop);
  const admin = await openAdmin({ servers: natsUrl.split(","), name: "tandem test system" });
  undo.push(async () => admin.close());
  const streams = new TestStreams(admin, names);
  undo.push(async () => streams.remove());
  const outside = openBroker({
    servers: natsUrl.split(","),
    name: "tandem test system",
    log: pino({ level: "silent" }),
  });
  undo.push(async () => outside.close());

  const running = new RunningServices({ natsUrl, databaseUrl: database.url, names, clock });
  undo.push(async () => running.stop());
  const history = new History(admin, names, streams);
  const provisioned: ServiceDescriptor[] = [];
  const expected = new Set<string>();

  const sources: RestSources = {
    outboxes: async () => running.outboxes(),
    parked: async () => running.parked(),
    refresh: async () => {
      await history.refresh();
      return history.lastSequences;
    },
    readers: () => running.readers(),
    durables: async (stream) => admin.durables(names.stream(stream)),
    lastOf: (stream, subjects) => history.lastOf(stream, subjects),
    inHand: (stream, durable) => running.inHand.of(stream, durable),
    jobs: () => running.inHand.jobs,
    clockIsMoved: clock !== systemClock,
    lastWords: (service) => running.log.lastWords(service),
  };
  if (clock instanceof ManualClock) {
    const rest = async (): Promise<void> =>
      void (await untilSettled(sources, { allowHeld: true, deadlineMs: CLOCK_LIMIT_MS }));
    undo.push(clock.whenMoved(rest));
  }

  const provision = async (...descriptors: readonly ServiceDescriptor[]): Promise<void> => {
    provisioned.push(...descriptors);
    const plan = planOf(descriptors, streamSettings);
    await streams.make(
      topology === undefined
        ? plan
        : planOfTopology(
            topology,
            descriptors.map(({ name }) => name),
          ),
    );
  };
  const start: Start = async (descriptor, given) => {
    await provision(descriptor);
    return running.start(descriptor, given);
  };
  const facts = async (): Promise<PublishedEvent[]> => {
    await history.refresh();
    return factsOf(history.messages, subjectsOf(provisioned));
  };
  const letters = async (): Promise<DeadLetter[]> => {
    await history.refresh();
    return lettersOf(history.messages);
  };
  const story = async (correlationId: string): Promise<Story> =>
    tellStory(correlationId, { facts: await facts(), reports: running.reports, letters: await letters() });
  const deliveries = (filter: DeliveryFilter = {}): readonly DeliveryReport[] =>
    running.reports.filter((report) => matches(report, filter));
  const expectNoDeadLetters = async (): Promise<void> => {
    const unexpected = (await letters()).filter((letter) => !expected.has(idOf(letter)));
    if (unexpected.length > 0) throw await deadLetters(unexpected, story);
  };
  const outsider = createOutsider(outside, names, clock);

  function published(): Promise<readonly PublishedEvent[]>;
  function published<Written>(event: EventDescriptor<Written>): Promise<readonly PublishedEvent<Written>[]>;
  async function published(event?: EventDescriptor): Promise<readonly PublishedEvent[]> {
    const all = await facts();
    return event === undefined ? all : factsOfEvent(all, event);
  }

  const stop = async (ignoreDeadLetters: boolean): Promise<void> => {
    if (undo.length === 0) return;
    const failures: unknown[] = [];
    const failed = await running.stop();
    if (failed.length > 0)
      failures.push(new TestingError("STOP_FAILED", `Not stopped in order: ${failed.join("; ")}.`));
    try {
      if (!ignoreDeadLetters) await expectNoDeadLetters();
    } catch (error) {
      failures.push(error);
    }
    await undoAll(undo);
    if (failures.length > 1) throw new AggregateError(failures, failures.map(String).join("\n"));
    if (failures.length === 1) throw failures[0];
  };

  await provision(...services.map(({ descriptor }) => descriptor));
  for (const service of services) await (await service.startWith(start)).ready;

  return {
    clock,
    natsUrl,
    databaseUrl: database.url,
    namespace: names.namespace,
    start,
    provision,
    service: <Publish>(service: string | ServiceDescriptor<unknown, Publish>): RunningService<Publish> =>
      // Started under this name with a descriptor of the same contract, so it publishes what that says.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      running.find(nameOf(service)) as RunningService<Publish>,
    database: (service) => running.database(nameOf(service)),
    publish: async (event, payload, origin) => outsider.publish(event, payload, origin),
    publishRaw: async (message) => outsider.publishRaw(message),
    settled: async ({ elsewhere = [], ...how } = {}) => {
      const outboxes: RestSources["outboxes"] = async () => running.outboxes(elsewhere);
      return untilSettled(
        {
          ...sources,
          outboxes,
          parked: async () => running.parked(elsewhere),
          readers: () => running.readers(elsewhere),
        },
        how,
      );
    },
    story,
    published,
    deliveries,
    handled: (filter) => deliveries({ ...filter, outcome: "applied" }),
    retried: (filter) => deliveries({ ...filter, outcome: "retried" }),
    held: (filter) => deliveries({ ...filter, outcome: "held" }),
    deadLettered: async (filter = {}) => {
      const found = (await letters()).filter((letter) => matches(letter, filter));
      for (const letter of found) expected.add(idOf(letter));
      return found;
    },
    expectNoDeadLetters,
    log: (service) => running.log.of(nameOf(service)),
    stop: async ({ ignoreDeadLetters = false } = {}) => stop(ignoreDeadLetters),
    [Symbol.asyncDispose]: async () => stop(false),
  };
}

async function undoAll(undo: Undo): Promise<void> {
  for (const step of undo.splice(0).reverse()) {
    try {
      await step();
    } catch {
      // What a server that is gone keeps cannot be removed; the rest must be.
    }
  }
}

async function deadLetters(
  letters: readonly DeadLetter[],
  story: (correlationId: string) => Promise<Story>,
): Promise<TestingError> {
  const lines = letters.map(
    ({ service, channel, version, code, error }) => `${service} gave up ${channel} v${version}: ${code}: ${error}`,
  );
  const ids = new Set(letters.flatMap(({ correlationId }) => correlationId ?? []));
  const stories = await Promise.all([...ids].map(async (id) => String(await story(id))));
  return new TestingError(
    "DEAD_LETTERS",
    [
      "Messages were given up. If a test expects that, it asks for them with deadLettered().",
      ...lines,
      ...stories,
    ].join("\n"),
  );
}

function matches<T extends object>(subject: T, filter: Partial<T>): boolean {
  return Object.entries(filter).every(([name, value]) => value === undefined || Reflect.get(subject, name) === value);
}

function idOf({ stored }: DeadLetter): string {
  return `${stored.stream} ${stored.sequence}`;
}

function nameOf(service: string | ServiceDescriptor): string {
  return typeof service === "string" ? service : service.name;
}
