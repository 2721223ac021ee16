/** Which durables of a service are paused for an outage, here and at the broker. */
import type { Logger } from "pino";
import type { DurablePauses, Subscription } from "../broker.ts";
import type { Clock } from "../clock.ts";
import { TandemError } from "../errors.ts";
import type { EventLabels, Metrics } from "../metrics.ts";

/** One durable that this process reads. */
export interface PausedReader {
  readonly labels: EventLabels;
  readonly stream: string;
  readonly durable: string;
  readonly subscription: Pick<Subscription, "suspend" | "resume">;
}

/** What pausing needs of its service. */
export interface PausingOptions {
  readonly pauses: DurablePauses;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, "paused">;
  /** Somebody, this process perhaps, paused a durable, or a pause is over. */
  readonly onNews: () => Promise<void>;
}

interface Reader extends PausedReader {
  /** Until when the broker was last asked to pause it, by the machine's clock. */
  asked: number | undefined;
  /** Requests to the broker go one after another. */
  requests: Promise<void>;
}

/** Clocks and requests differ by this much at most when two processes ask for the same pause. */
const SAME_MS = 1_000;

/** Pauses what outages ask for, each durable until the last of them. */
export class Pausing {
  readonly #options: PausingOptions;
  readonly #readers: Reader[] = [];
  /** By event, then by outage. */
  readonly #wanted = new Map<string, Map<string, number>>();
  #mayPause = true;

  constructor(options: PausingOptions) {
    this.#options = options;
  }

  /** Adds a durable of this process. */
  add(added: PausedReader): void {
    const reader: Reader = { ...added, asked: undefined, requests: Promise.resolve() };
    this.#readers.push(reader);
    this.#options.pauses.watch(reader.stream, reader.durable, () => void this.#onNews(reader));
    this.#apply(reader);
  }

  /** Says until when an outage wants an event's durables paused, by the service's clock; undefined: no longer. */
  want(outage: string, event: string, until: number | undefined): void {
    const wanted = this.#wanted.get(event) ?? new Map<string, number>();
    if (wanted.get(outage) === until) return;
    if (until === undefined) wanted.delete(outage);
    else wanted.set(outage, until);
    this.#wanted.set(event, wanted);
    for (const reader of this.#readers) if (reader.labels.event === event) this.#apply(reader);
  }

  /** An outage has nobody here who waits: this process reads again, and the broker's pause ends by itself. */
  leave(outage: string, event: string): void {
    this.#wanted.get(event)?.delete(outage);
    if (this.#untilOf(event) !== undefined) return;
    for (const reader of this.#readers) {
      if (reader.labels.event === event) reader.subscription.resume();
    }
  }

  /** Each durable of this process, and whether it is paused. */
  list(): readonly (EventLabels & { readonly paused: boolean })[] {
    return this.#readers.map(({ labels }) => ({ ...labels, paused: this.#untilOf(labels.event) !== undefined }));
  }

  #untilOf(event: string): number | undefined {
    const wanted = [...(this.#wanted.get(event)?.values() ?? [])];
    return wanted.length === 0 ? undefined : Math.max(...wanted);
  }

  #apply(reader: Reader): void {
    const { clock } = this.#options;
    const until = this.#untilOf(reader.labels.event);
    if (until !== undefined) {
      reader.subscription.suspend();
      // The broker lives in the machine's time, whatever time the service lives in.
      const atBroker = Date.now() + until - clock.now();
      if (reader.asked !== undefined && Math.abs(reader.asked - atBroker) < 2) return;
      reader.asked = atBroker;
      this.#request(reader, async () => this.#pause(reader, atBroker));
      return;
    }
    reader.subscription.resume();
    const { asked } = reader;
    if (asked === undefined) return;
    reader.asked = undefined;
    this.#request(reader, async () => this.#options.pauses.resume(reader.stream, reader.durable, asked + SAME_MS));
  }

  async #pause(reader: Reader, until: number): Promise<void> {
    // Overtaken by a later word, or too late to matter.
    if (reader.asked !== until || until <= Date.now()) return;
    const paused = await this.#options.pauses.pause(reader.stream, reader.durable, until);
    if (paused) this.#options.metrics.paused(reader.labels);
  }

  #request(reader: Reader, request: () => Promise<void>): void {
    if (!this.#mayPause) return;
    reader.requests = reader.requests.then(request).catch((error: unknown) => this.#failed(reader, error));
  }

  #failed({ durable }: Reader, error: unknown): void {
    const { log } = this.#options;
    if (!(error instanceof TandemError && error.code === "BROKER_REFUSED")) {
      log.debug({ err: error, durable }, "the pause of a durable could not be changed");
      return;
    }
    if (!this.#mayPause) return;
    this.#mayPause = false;
    log.warn(
      { reason: error.message, durable },
      "this login may not pause durables: while a dependency is down each process stops on its own",
    );
  }

  /** What was heard comes first; what is still wanted then is asked for again, should somebody have ended it. */
  async #onNews(reader: Reader): Promise<void> {
    await this.#options.onNews();
    const { asked } = reader;
    if (asked === undefined || this.#untilOf(reader.labels.event) === undefined) return;
    this.#request(reader, async () => this.#pause(reader, asked));
  }
}
