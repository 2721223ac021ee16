/** The streams and durables that services need, made of their descriptors. */
import { replaySubjectOf } from "../broker.ts";
import type { PriorityDescriptor, ServiceDescriptor } from "../descriptors.ts";
import type { Admin, StreamRequest } from "../nats/admin-shapes.ts";
import { TestingError } from "./errors.ts";
import type { WireNames } from "./wire-names.ts";

/** One durable of a plan. Times in milliseconds. */
export interface PlannedDurable {
  readonly stream: string;
  readonly name: string;
  readonly service: string;
  readonly filterSubjects: readonly string[];
  readonly ackWaitMs: number;
  readonly maxDeliver: number;
  /** Absent: to whichever instance asked first. */
  readonly priority?: PriorityDescriptor | undefined;
}

/** What is to be made on a server, under the names of the contract. */
export interface StreamPlan {
  /** By name: its subjects, and what else is said of it. */
  readonly streams: ReadonlyMap<string, StreamRequest>;
  readonly durables: readonly PlannedDurable[];
}

/** The stream that holds dead letters when no topology names it. */
const DEAD_LETTERS = "DEAD_LETTERS";

/** Deliveries beyond the attempts of the contract: one that never reached a handler counts with the server too. */
const SLACK = 100;
const DUPLICATE_WINDOW_MS = 120_000;

/** What services need, as far as their descriptors tell. */
export function planOf(descriptors: readonly ServiceDescriptor[], settings: Partial<StreamRequest> = {}): StreamPlan {
  const subjects = new Map<string, Set<string>>([[DEAD_LETTERS, new Set(["dead.*.*.*"])]]);
  const add = (stream: string, subject: string): void => {
    const known = subjects.get(stream) ?? new Set();
    subjects.set(stream, known.add(subject));
  };
  const durables: PlannedDurable[] = [];
  for (const { name: service, publishes, handles } of descriptors) {
    for (const { stream, versions } of Object.values(publishes)) {
      for (const { subject } of versions) add(stream, subject);
    }
    for (const subscription of Object.values(handles)) {
      const { ackWaitMs, event, priority } = subscription;
      const { stream } = event;
      for (const durable of subscription.durables) {
        const { name, message } = durable;
        const filterSubjects = [message.subject, replaySubjectOf(durable)];
        for (const subject of filterSubjects) add(stream, subject);
        const maxDeliver = subscription.retry.maxAttempts + SLACK;
        durables.push({ stream, name, service, filterSubjects, ackWaitMs, maxDeliver, priority });
      }
    }
  }
  const streams = [...subjects].map(([name, all]): [string, StreamRequest] => [
    name,
    { duplicateWindowMs: DUPLICATE_WINDOW_MS, directGet: true, ...settings, subjects: [...all].sort() },
  ]);
  return { streams: new Map(streams), durables };
}

/** Makes what a plan says and is not there, and removes what it made. */
export class TestStreams {
  readonly #admin: Admin;
  readonly #names: WireNames;
  readonly #made = new Map<string, Set<string>>();
  readonly #durables = new Map<string, PlannedDurable>();

  constructor(admin: Admin, names: WireNames) {
    this.#admin = admin;
    this.#names = names;
  }

  /** The streams so far, under the names of the contract. */
  get names(): readonly string[] {
    return [...this.#made.keys()];
  }

  get durables(): readonly PlannedDurable[] {
    return [...this.#durables.values()];
  }

  /** Makes the streams and durables that are new in the plan; each durable once, whatever becomes of it later. */
  async make({ streams, durables }: StreamPlan): Promise<void> {
    for (const [name, request] of streams) await this.#makeStream(name, request);
    for (const durable of durables) {
      const { stream, name, filterSubjects, ackWaitMs, maxDeliver, priority = null } = durable;
      const id = `${stream} ${name}`;
      if (this.#durables.has(id)) continue;
      this.#durables.set(id, durable);
      await this.#admin.createDurable(this.#names.stream(stream), name, {
        filterSubjects: filterSubjects.map((subject) => this.#names.subject(subject)),
        ackWaitMs,
        maxDeliver,
        priority,
      });
    }
  }

  async #makeStream(name: string, request: StreamRequest): Promise<void> {
    const wire = this.#names.stream(name);
    const known = this.#made.get(name);
    const subjects = new Set([...(known ?? []), ...request.subjects]);
    if (subjects.size === known?.size) return;
    this.#made.set(name, subjects);
    const onWire = { ...request, subjects: [...subjects].map((subject) => this.#names.subject(subject)) };
    if (known !== undefined) {
      await this.#admin.updateStream(wire, { subjects: onWire.subjects });
      return;
    }
    if ((await this.#admin.stream(wire)) !== undefined) {
      this.#made.delete(name);
      throw new TestingError(
        "STREAM_TAKEN",
        `The server has a stream ${wire} already. Give the test system a namespace of its own, or another server: it would delete a stream that is not its own.`,
      );
    }
    await this.#admin.createStream(wire, onWire);
  }

  /** Deletes the streams that were made, and with them their durables. */
  async remove(): Promise<void> {
    for (const name of this.names) await this.#admin.deleteStream(this.#names.stream(name));
    this.#made.clear();
  }
}
