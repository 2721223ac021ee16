/** Reads one durable until stopped: a pull session after another, for as long as it takes, and a stop that loses nothing. */
import { setTimeout as pause } from "node:timers/promises";
import { jetstream } from "@nats-io/jetstream";
import { millis, type Msg, type NatsConnection } from "@nats-io/transport-node";
import type { Logger } from "pino";
import type { Delivery, Settlement, SubscribeOptions, Subscription } from "../broker.ts";
import { Answers } from "./answers.ts";
import { backoffDelay, type Random } from "./backoff.ts";
import type { Connection } from "./connection.ts";
import { DeliveriesInHand } from "./deliveries-in-hand.ts";
import { readDelivery } from "./incoming-delivery.ts";
import { type PullClass, pullClassOf } from "./priority.ts";
import { PullSession, type SessionEnd } from "./pull-session.ts";
import { explainMissing, explainRefusal, NO_CONNECTION } from "./subscription-problems.ts";

/** What a subscription needs of its broker. */
export interface SubscriberSettings {
  readonly inboxPrefix: string | undefined;
  readonly random: Random;
  readonly log: Logger;
  /** Called once, when it is stopped. */
  readonly onStopped?: () => void;
}

/** A durable that is missing is looked for again at least every 5 s; one whose server lost its leader, sooner. */
const RETRY = { baseMs: 100, capMs: 5_000 };
const INFO_TIMEOUT_MS = 2_000;
const STOP_LIMIT_MS = 2_000;

/** A subscription that starts with its construction. */
export class DurableSubscription implements Subscription {
  readonly #connection: Connection;
  readonly #settings: SubscriberSettings;
  readonly #options: SubscribeOptions;
  readonly #log: Logger;
  readonly #answers: Answers;
  readonly #inHand: DeliveriesInHand;
  /** Deliveries in hand and asked for, at most: what is prefetched beyond the concurrency only ages. */
  readonly #capacity: number;
  readonly #stopListening: () => void;
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;
  #session: PullSession | undefined;
  #pull: PullClass = { members: undefined, pinned: false };
  #problem: string | undefined = NO_CONNECTION;
  #stopped: Promise<void> | undefined;
  #suspended = false;

  constructor(
    connection: Connection,
    settings: SubscriberSettings,
    options: SubscribeOptions,
    onDelivery: (delivery: Delivery) => Promise<Settlement>,
  ) {
    const { stream, durable, concurrency, ackWaitMs } = options;
    this.#connection = connection;
    this.#settings = settings;
    this.#options = options;
    this.#log = settings.log.child({ stream, durable });
    this.#answers = new Answers(connection, settings.random);
    this.#inHand = new DeliveriesInHand({
      concurrency,
      onDelivery,
      answers: this.#answers,
      log: this.#log,
      onRoom: () => this.#topUp(),
    });
    this.#inHand.keepAlive(ackWaitMs);
    this.#capacity = concurrency + Math.ceil(concurrency / 2);
    this.#stopListening = connection.listen({
      disconnected: () => this.#session?.end(NO_CONNECTION),
      refused: (violation) => {
        if (violation.subject === this.#session?.pullSubject)
          this.#session.end(explainRefusal(violation, durable), true);
      },
    });
    this.#loop = this.#run();
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  suspend(): void {
    this.#suspended = true;
  }

  resume(): void {
    this.#suspended = false;
    this.#topUp();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    this.#inHand.end();
    // The server stops delivering to us before it hears of what we hand back, or we would be given it again.
    const pinned = this.#session?.isPinned === true;
    await this.#session?.drain(STOP_LIMIT_MS);
    this.#inHand.handBack();
    await this.#loop;
    await this.#inHand.done();
    if (pinned) await this.#unpin();
    this.#stopListening();
    await this.#answers.close(STOP_LIMIT_MS);
    this.#problem = "it is stopped";
    this.#settings.onStopped?.();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    let silent = false;
    while (!signal.aborted) {
      if (this.#connection.current === undefined) this.#waitsFor(NO_CONNECTION);
      const client = await this.#connection.whenConnected(signal);
      if (client === undefined) return;
      const end = await this.#read(client, silent);
      if (signal.aborted) return;
      failures = end.heard ? 0 : failures + 1;
      silent = end.silent;
      // Who is no longer pinned waits as the others do, and nothing is wrong.
      if (end.unpinned === true) continue;
      this.#waitsFor(end.words);
      const delayMs = backoffDelay(failures, RETRY, this.#settings.random);
      await pause(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Reads until the session is over. After a silence, only a sign of life proves that it reads at all. */
  async #read(client: NatsConnection, afterSilence: boolean): Promise<SessionEnd> {
    const missing = await this.#findDurable(client);
    const problem = this.#connection.current === client ? missing : NO_CONNECTION;
    if (problem !== undefined || this.#stopping.signal.aborted) {
      return { words: problem ?? "stopped", silent: false, heard: false };
    }
    this.#session = new PullSession(client, {
      ...this.#options,
      inboxPrefix: this.#settings.inboxPrefix,
      apiPrefix: this.#connection.apiPrefix,
      pull: this.#pull,
      onAlive: () => this.#alive(),
      onMessage: (message) => this.#take(message),
    });
    if (!afterSilence) this.#reads();
    this.#topUp();
    const end = await this.#session.ended;
    this.#session = undefined;
    return end;
  }

  /** Asks for the one durable; the client's manager would ask for the account, which a service may not. */
  async #findDurable(client: NatsConnection): Promise<string | undefined> {
    const { stream, durable, ackWaitMs } = this.#options;
    try {
      const consumer = await jetstream(client, {
        timeout: INFO_TIMEOUT_MS,
        apiPrefix: this.#connection.apiPrefix,
      }).consumers.get(stream, durable);
      const { config } = await consumer.info(true);
      // The server's own ack wait counts, should it be shorter than the one that the contract says.
      this.#pull = pullClassOf(config, this.#options.serving);
      if (config.ack_wait !== undefined) this.#inHand.keepAlive(Math.min(ackWaitMs, millis(config.ack_wait)));
      return undefined;
    } catch (error) {
      return explainMissing(error, stream, durable);
    }
  }

  /** Lets another reader have the durable now and not after its timeout. A login that may not is left with that. */
  async #unpin(): Promise<void> {
    const { stream, durable } = this.#options;
    const subject = `${this.#connection.apiPrefix}.CONSUMER.UNPIN.${stream}.${durable}`;
    const request = JSON.stringify({ group: this.#pull.members?.group });
    await this.#connection.current
      ?.request(subject, request, { timeout: STOP_LIMIT_MS })
      .catch((error: unknown) => this.#log.debug({ err: error }, "another reader takes over after the timeout"));
  }

  #take(message: Msg): void {
    const incoming = readDelivery(message, this.#options.stream, this.#options.durable);
    if (incoming === undefined)
      this.#log.error({ subject: message.subject }, "received what is no delivery of JetStream; ignored");
    else this.#inHand.take(incoming);
    // The last messages of a session arrive when it is already over.
    if (this.#session !== undefined) this.#alive();
  }

  #alive(): void {
    this.#reads();
    this.#topUp();
  }

  #topUp(): void {
    const session = this.#session;
    if (session === undefined || this.#suspended || this.#stopping.signal.aborted) return;
    const room = this.#capacity - this.#inHand.size - session.outstanding;
    // A pull for each single message would cost as much as the message.
    if (room >= Math.max(1, Math.floor(this.#capacity / 4))) session.pull(room);
  }

  #waitsFor(problem: string): void {
    if (this.#problem === problem) return;
    this.#problem = problem;
    // The connection has told of its own loss, once for all subscriptions.
    if (problem !== NO_CONNECTION) this.#log.warn({ problem }, "cannot read, waiting");
  }

  #reads(): void {
    if (this.#problem === undefined) return;
    const level = this.#problem === NO_CONNECTION ? "debug" : "info";
    this.#problem = undefined;
    this.#log[level]("reading");
  }
}
