/** One connection to NATS that is kept for the life of the process: dialled for ever, rebuilt when the client gives up. */
import { setTimeout as pause } from "node:timers/promises";
import { connect, PermissionViolationError, type NatsConnection, type Status } from "@nats-io/transport-node";
import type { Logger } from "pino";
import type { ConnectionState } from "../broker.ts";
import { backoffDelay, DialPace, type Backoff, type Random } from "./backoff.ts";
import { clientOptions } from "./client-options.ts";
import { wordsOf } from "../words-of.ts";
import type { ServerAddresses } from "./server-addresses.ts";

/** What a part of the adapter wants to know of the connection. Called synchronously, must not throw. */
export interface ConnectionListener {
  /** Up: for the first time, after a break, or as a new client after the old one closed. */
  connected?(client: NatsConnection): void;
  /** Down: what is handed to the client from now on is lost. */
  disconnected?(): void;
  /** The server refused an operation because this login lacks the permission. */
  refused?(violation: PermissionViolationError): void;
}

/** What a connection needs. */
export interface ConnectionSettings {
  readonly addresses: ServerAddresses;
  /** Shown in the server's list of connections. */
  readonly name: string;
  readonly inboxPrefix: string | undefined;
  /** As in `BrokerOptions`. */
  readonly pingIntervalMs?: number | undefined;
  readonly backoff: Backoff;
  readonly random: Random;
  readonly log: Logger;
}

/** A server in lame duck mode closes its clients one by one; we go before it does, but not all at once with the news. */
const LAME_DUCK_DELAY_MS = 200;

/** Keeps one connection, its state in words, and tells the parts of the adapter when it comes and goes. */
export class Connection {
  readonly #settings: ConnectionSettings;
  readonly #log: Logger;
  readonly #pace: DialPace;
  readonly #listeners = new Set<ConnectionListener>();
  readonly #closing = new AbortController();
  #state: ConnectionState = { kind: "connecting", attempt: 1, lastError: undefined };
  #client: NatsConnection | undefined;
  #current: NatsConnection | undefined;
  #leaving = false;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.#log = settings.log;
    this.#pace = new DialPace(settings.backoff, settings.random);
    void this.#run();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Begins the subjects of the JetStream API. */
  get apiPrefix(): string {
    return this.#settings.addresses.apiPrefix;
  }

  /** The client while it is connected. What is published through it while it is not is lost without a word. */
  get current(): NatsConnection | undefined {
    // A client that gives up is closed a moment before we hear of it.
    return this.#current?.isClosed() === true ? undefined : this.#current;
  }

  /** Tells `listener` of every change until the returned function is called. */
  listen(listener: ConnectionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The client as soon as it is connected; undefined when `signal` aborts or the connection is closed before. */
  async whenConnected(signal: AbortSignal): Promise<NatsConnection | undefined> {
    const over = AbortSignal.any([signal, this.#closing.signal]);
    if (over.aborted) return undefined;
    if (this.current !== undefined) return this.current;
    return new Promise((resolve) => {
      const finish = (client: NatsConnection | undefined): void => {
        stopListening();
        over.removeEventListener("abort", aborted);
        resolve(client);
      };
      const aborted = (): void => finish(undefined);
      const stopListening = this.listen({ connected: finish });
      over.addEventListener("abort", aborted);
    });
  }

  /** Ends the connection for good. What was not flushed is dropped. Never rejects. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const wasConnected = this.#current !== undefined;
    this.#current = undefined;
    this.#state = { kind: "closed", lastError: lastErrorOf(this.#state) };
    this.#closing.abort();
    if (wasConnected) for (const listener of [...this.#listeners]) listener.disconnected?.();
    await this.#client
      ?.close()
      .catch((error: unknown) => this.#log.debug({ err: error }, "closing the NATS client failed"));
    this.#log.info("connection to NATS closed");
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      const client = await this.#dialUntilConnected();
      if (client === undefined) return;
      try {
        await this.#follow(client);
      } catch (error) {
        this.#log.error({ err: error }, "following the connection failed; making a new one");
        await client.close();
      }
      // A client that closes at once, again and again, must not be rebuilt in a tight loop.
      await this.#wait(backoffDelay(0, this.#settings.backoff, this.#settings.random));
    }
  }

  /** Dials with our own backoff: the client's own retry of the first connection cannot be bounded or watched. */
  async #dialUntilConnected(): Promise<NatsConnection | undefined> {
    for (let attempt = 1; !this.#closing.signal.aborted; attempt += 1) {
      if (this.#state.kind === "connecting") this.#state = { ...this.#state, attempt };
      try {
        const client = await connect({
          ...clientOptions(this.#settings),
          reconnectDelayHandler: () => this.#pace.delayMs,
          reconnectToServer: (pool) => this.#dialing(pool.length),
        });
        if (!this.#closing.signal.aborted) return client;
        await client.close();
      } catch (error) {
        const nextAttemptMs = backoffDelay(attempt - 1, this.#settings.backoff, this.#settings.random);
        this.#fail(wordsOf(error));
        this.#log.warn(
          { servers: this.#settings.addresses.servers, attempt, nextAttemptMs, reason: wordsOf(error) },
          "NATS cannot be reached",
        );
        await this.#wait(nextAttemptMs);
      }
    }
    return undefined;
  }

  /** Lives with one client until it is closed, which after a connection was made should only be our doing. */
  async #follow(client: NatsConnection): Promise<void> {
    this.#client = client;
    this.#up(client);
    // The queue behind status() is unbounded: it is read to its end whatever happens.
    for await (const status of client.status()) this.#onStatus(client, status);
    const error = await client.closed();
    if (this.#closing.signal.aborted) return;
    this.#down();
    if (error instanceof Error) this.#fail(error.message);
    this.#log.error({ err: error }, "the NATS client gave its connection up; making a new one");
  }

  #onStatus(client: NatsConnection, status: Status): void {
    switch (status.type) {
      case "disconnect":
      case "staleConnection":
      case "forceReconnect":
      case "reconnecting":
        return this.#down();
      case "reconnect":
        return this.#up(client);
      case "ldm":
        return this.#leaveLameDuck(client);
      case "error":
        return this.#onError(status.error);
      default:
        return;
    }
  }

  #up(client: NatsConnection): void {
    if (this.#closing.signal.aborted) return;
    const awayMs = this.#state.kind === "disconnected" ? Date.now() - this.#state.since : undefined;
    this.#pace.reset();
    this.#leaving = false;
    this.#current = client;
    this.#state = { kind: "connected", server: client.getServer() };
    this.#log.info({ server: this.#state.server, awayMs }, "connected to NATS");
    for (const listener of [...this.#listeners]) listener.connected?.(client);
  }

  #down(): void {
    if (this.#closing.signal.aborted || this.#current === undefined) return;
    this.#current = undefined;
    this.#state = { kind: "disconnected", since: Date.now(), lastError: undefined };
    this.#log.warn({ nextAttemptMs: this.#pace.delayMs }, "connection to NATS lost");
    for (const listener of [...this.#listeners]) listener.disconnected?.();
  }

  #onError(error: Error): void {
    if (error instanceof PermissionViolationError) {
      this.#log.warn(
        { operation: error.operation, subject: error.subject },
        "NATS refused an operation: no permission",
      );
      for (const listener of [...this.#listeners]) listener.refused?.(error);
      return;
    }
    this.#fail(error.message);
    this.#log.warn({ reason: error.message }, "NATS reported an error");
  }

  /** Called by the client once a dial, before it. Null leaves the choice of the server to the client. */
  #dialing(poolSize: number): null {
    const newRound = this.#pace.dialing(poolSize);
    if (newRound && this.#pace.round > 1 && this.#client !== undefined && !this.#client.isClosed()) {
      this.#log.warn(
        { attempt: this.#pace.round, nextAttemptMs: this.#pace.delayMs },
        "NATS is still away, dialling again",
      );
    }
    return null;
  }

  #leaveLameDuck(client: NatsConnection): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#log.info({ server: client.getServer() }, "the NATS server is shutting down, moving to another");
    setTimeout(() => {
      if (client !== this.#current) return;
      // Acknowledgements on their way out are in the server's hands before we hang up.
      void client.flush().then(
        () => client.reconnect(),
        () => undefined,
      );
    }, LAME_DUCK_DELAY_MS).unref();
  }

  #fail(lastError: string): void {
    if (this.#state.kind !== "connected") this.#state = { ...this.#state, lastError };
  }

  async #wait(delayMs: number): Promise<void> {
    await pause(delayMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}

function lastErrorOf(state: ConnectionState): string | undefined {
  return state.kind === "connected" ? undefined : state.lastError;
}
