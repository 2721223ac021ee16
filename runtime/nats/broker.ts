/** The broker of the runtime on NATS JetStream. */
import type { Logger } from "pino";
import type {
  Broker,
  ConnectionState,
  Delivery,
  OutgoingMessage,
  PublishAck,
  Settlement,
  SubscribeOptions,
  Subscription,
} from "../broker.ts";
import { atMost } from "./at-most.ts";
import type { Backoff, Random } from "./backoff.ts";
import { BatchPublisher } from "./batch-publisher.ts";
import { Connection } from "./connection.ts";
import { Pauses } from "./pauses.ts";
import { Publisher } from "./publisher.ts";
import { parseServers } from "./server-addresses.ts";
import { settledUpTo } from "./settled-up-to.ts";
import { DurableSubscription } from "./subscriber.ts";

/** What a broker needs, and what may be set. */
export interface BrokerOptions {
  /** `nats://` or `tls://` URLs, with `user:password@`, `token@` or `?nkey=FILE&ca=FILE` where the server asks for it. */
  readonly servers: readonly string[];
  /** The service's name, as the server's list of connections shows it. */
  readonly name: string;
  readonly log: Logger;
  /** Begins the subjects of all replies. Default what the URLs say, else `_INBOX`; a narrow login has its own. */
  readonly inboxPrefix?: string;
  /** Between attempts to connect. Default 100 ms, doubled up to 5 minutes. */
  readonly backoff?: Backoff;
  /** Between two pings of the server, milliseconds; one that leaves two without an answer is left. Default 10,000. */
  readonly pingIntervalMs?: number;
  /** From a call of `publish` to its rejection, milliseconds. Default 30,000. */
  readonly publishDeadlineMs?: number;
  /** Messages on their way to the broker at once. Default 256. */
  readonly publishWindow?: number;
  /** What `close` waits for outstanding publishes, milliseconds. Default 10,000. */
  readonly closeLimitMs?: number;
  /** Draws the jitter. Default `Math.random`. */
  readonly random?: Random;
  /** Aborting it closes the broker, as `close` does. */
  readonly signal?: AbortSignal;
}

const FLUSH_LIMIT_MS = 2_000;

/**
 * Returns at once, connecting, and keeps trying for ever: a service starts before its broker does.
 * Throws `CONFIG_INVALID` when the URLs cannot be read.
 */
export function openBroker(options: BrokerOptions): Broker {
  return new NatsBroker(options);
}

class NatsBroker implements Broker {
  readonly pauses: Pauses;
  readonly #connection: Connection;
  readonly #publisher: Publisher;
  readonly #batches: BatchPublisher;
  readonly #subscriptions = new Set<Subscription>();
  readonly #shared: { readonly inboxPrefix: string | undefined; readonly random: Random; readonly log: Logger };
  readonly #closeLimitMs: number;
  #closed: Promise<void> | undefined;

  constructor({ servers, name, log, inboxPrefix, random = Math.random, signal, ...limits }: BrokerOptions) {
    const addresses = parseServers(servers);
    this.#shared = { inboxPrefix: inboxPrefix ?? addresses.inboxPrefix, random, log };
    this.#closeLimitMs = limits.closeLimitMs ?? 10_000;
    this.#connection = new Connection({
      ...this.#shared,
      addresses,
      name,
      pingIntervalMs: limits.pingIntervalMs,
      backoff: limits.backoff ?? { baseMs: 100, capMs: 300_000 },
    });
    this.pauses = new Pauses(this.#connection);
    const deadlineMs = limits.publishDeadlineMs ?? 30_000;
    const publisher = new Publisher(this.#connection, {
      ...this.#shared,
      deadlineMs,
      window: limits.publishWindow ?? 256,
    });
    this.#publisher = publisher;
    this.#batches = new BatchPublisher(this.#connection, {
      deadlineMs,
      random,
      publishOne: (message) => publisher.publish(message),
    });
    if (signal?.aborted === true) void this.close();
    signal?.addEventListener("abort", () => void this.close(), { once: true });
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  publish(message: OutgoingMessage): Promise<PublishAck> {
    return this.#publisher.publish(message);
  }

  publishBatch(messages: readonly OutgoingMessage[]): Promise<readonly PublishAck[]> {
    return this.#batches.publish(messages);
  }

  subscribe(options: SubscribeOptions, onDelivery: (delivery: Delivery) => Promise<Settlement>): Subscription {
    const onStopped = (): void => void this.#subscriptions.delete(subscription);
    const settings = { ...this.#shared, onStopped };
    const subscription = new DurableSubscription(this.#connection, settings, options, onDelivery);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  settledUpTo(stream: string, durable: string): Promise<number> {
    return settledUpTo(this.#connection, stream, durable);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    // Who closes has stopped its subscriptions; one that was forgotten must not outlive the connection.
    const stopped = Promise.all([...this.#subscriptions].map((subscription) => subscription.stop()));
    const limitMs = this.#closeLimitMs;
    await Promise.all([this.#publisher.close(limitMs), this.#batches.close(limitMs), atMost(stopped, limitMs)]);
    const client = this.#connection.current;
    if (client !== undefined) await atMost(client.flush(), FLUSH_LIMIT_MS);
    await this.#connection.close();
  }
}
