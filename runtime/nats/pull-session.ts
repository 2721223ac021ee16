/**
 * Pulls from one durable over one connection, with exact credit.
 *
 * The client's `consume()` was tried against nats-server 2.15.1 and not taken, for two reasons. While a
 * handler runs for seconds, its heartbeat monitor queues a further pull every second, and all of them are
 * sent when the handler ends: 25 messages in hand instead of 2 after 14 s. And it unsubscribes without
 * draining, so that what is on its way waits for the whole ack wait: this session without its drain left
 * 60 to 168 of 4,000 messages behind in 15 stops under load. A session asks for a number of messages,
 * accounts for each, and is over when the last one has arrived.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createInbox, type Msg, type NatsConnection, type Subscription } from "@nats-io/transport-node";
import { atMost } from "./at-most.ts";
import type { PullClass } from "./priority.ts";

/** Why a session is over. */
export interface SessionEnd {
  /** In words, for a problem that a person reads. */
  readonly words: string;
  /** True when nothing was heard: the durable may be fine, but only a sign of life proves it. */
  readonly silent: boolean;
  /** Whether the server ever answered a pull of this session. */
  readonly heard: boolean;
  /** True when the durable was pinned to this reader and is no longer: it may pull again at once, as others do. */
  readonly unpinned?: true;
}

/** What a session reads, and whom it tells. The callbacks are synchronous and must not throw. */
export interface SessionSettings {
  readonly stream: string;
  readonly durable: string;
  readonly inboxPrefix: string | undefined;
  /** Begins the subjects of the JetStream API. */
  readonly apiPrefix: string;
  /** What pulls say to a durable with a priority policy. */
  readonly pull: PullClass;
  /** A message arrived; `outstanding` counts it no more. */
  readonly onMessage: (message: Msg) => void;
  /** A pull expired, or the server gave a sign of life. */
  readonly onAlive: () => void;
}

const HEARTBEAT_MS = 1_000;
const EXPIRES_MS = 5_000;
const SILENCE_MS = 2.5 * HEARTBEAT_MS;
const WATCH_MS = 500;
const CALM_MS = 100;
const CALM_CHECK_MS = 5;
const NANOSECONDS = 1_000_000;
const PIN_HEADER = "Nats-Pin-Id";
/** The status of a pull that says it has a durable which is pinned to somebody else, or to nobody any more. */
const UNPINNED = 423;

/** Pulls until it is ended: by `end`, by `drain`, by the server's word, or by its silence. */
export class PullSession {
  /** Resolves when the session is over. */
  readonly ended: Promise<SessionEnd>;
  readonly #client: NatsConnection;
  readonly #settings: SessionSettings;
  readonly #inbox: string;
  readonly #subscription: Subscription;
  readonly #watch: NodeJS.Timeout;
  #finish: (end: SessionEnd) => void = () => undefined;
  #heard = false;
  #over = false;
  #outstanding = 0;
  #heardAt = 0;
  #arrivedAt = 0;
  #watchedAt = Date.now();
  #pin: string | undefined;

  constructor(client: NatsConnection, settings: SessionSettings) {
    this.#client = client;
    this.#settings = settings;
    this.ended = new Promise((resolve) => (this.#finish = resolve));
    this.#inbox = createInbox(settings.inboxPrefix);
    this.#subscription = client.subscribe(this.#inbox, {
      callback: (error, message) => (error === null ? this.#received(message) : this.end(error.message)),
    });
    this.#watch = setInterval(() => this.#listenForSilence(), WATCH_MS);
  }

  /** The subject that pulls are published to. */
  get pullSubject(): string {
    return `${this.#settings.apiPrefix}.CONSUMER.MSG.NEXT.${this.#settings.stream}.${this.#settings.durable}`;
  }

  /** Messages asked for that have neither come nor expired. */
  get outstanding(): number {
    return this.#outstanding;
  }

  /** Whether the durable was pinned to this reader, as far as it knows. */
  get isPinned(): boolean {
    return this.#pin !== undefined;
  }

  /** Asks for `count` further messages. */
  pull(count: number): void {
    if (this.#client.isClosed()) return this.end("the connection is closed");
    const request = {
      batch: count,
      expires: EXPIRES_MS * NANOSECONDS,
      idle_heartbeat: HEARTBEAT_MS * NANOSECONDS,
      ...this.#settings.pull.members,
      ...(this.#pin === undefined ? {} : { id: this.#pin }),
    };
    if (this.#outstanding === 0) this.#heardAt = Date.now();
    this.#outstanding += count;
    this.#client.publish(this.pullSubject, JSON.stringify(request), { reply: this.#inbox });
  }

  /** Over at once, because the connection is gone or no pull may be sent. */
  end(words: string, silent = false): void {
    this.#close();
    this.#subscription.unsubscribe();
    this.#finish({ words, silent, heard: this.#heard });
  }

  /** Takes no further pulls, and is over when all that the server had sent has arrived, at most `limitMs` later. */
  async drain(limitMs: number): Promise<void> {
    const until = Date.now() + limitMs;
    clearInterval(this.#watch);
    if (this.#client.info?.cluster !== undefined) await this.#calm(until);
    this.#close();
    await atMost(this.#subscription.drain(), Math.max(0, until - Date.now()));
    this.#finish({ words: "stopped", silent: false, heard: this.#heard });
  }

  /**
   * Resolves when nothing more is on its way here. A server alone sends nothing after it has answered an
   * unsubscribe. In a cluster the durable's leader is another node, which goes on delivering until it hears of that,
   * and what it sent meanwhile is dropped at our node and comes again after the ack wait: 12 of 4,000 messages in 15
   * stops under load. So what was asked for is waited for, unless nothing comes any more.
   */
  async #calm(until: number): Promise<void> {
    while (!this.#over && this.#outstanding > 0 && !this.#client.isClosed()) {
      const now = Date.now();
      if (now >= until || now - this.#arrivedAt > CALM_MS) return;
      await pause(CALM_CHECK_MS);
    }
  }

  /** Over by the server's word or silence; what it sent before still arrives. */
  #lost(words: string, silent: boolean, unpinned = false): void {
    this.#close();
    this.#subscription.drain().catch(() => undefined);
    this.#finish({ words, silent, heard: this.#heard, ...(unpinned ? { unpinned } : {}) });
  }

  #close(): void {
    this.#over = true;
    clearInterval(this.#watch);
    this.#outstanding = 0;
  }

  #received(message: Msg): void {
    this.#heard = true;
    this.#heardAt = Date.now();
    // Messages of the stream keep their own subject; what comes on the inbox itself is about the pull.
    if (message.subject === this.#inbox) {
      if (!this.#over) this.#readStatus(message);
      return;
    }
    this.#arrivedAt = this.#heardAt;
    // Whoever is given a message of a pinned durable has it from now on, and says so in further pulls.
    if (this.#settings.pull.pinned) this.#pin = message.headers?.get(PIN_HEADER) || this.#pin;
    this.#outstanding = Math.max(0, this.#outstanding - 1);
    this.#settings.onMessage(message);
  }

  #readStatus(message: Msg): void {
    const code = message.headers?.code ?? 0;
    const description = message.headers?.description ?? "";
    const unfilled = Number.parseInt(message.headers?.get("Nats-Pending-Messages") ?? "", 10);
    if (code === 100) return this.#settings.onAlive();
    if (code === 408 && Number.isInteger(unfilled)) {
      this.#outstanding = Math.max(0, this.#outstanding - unfilled);
      return this.#settings.onAlive();
    }
    if (code === UNPINNED) return this.#lost("another reader has it", false, true);
    const { stream, durable } = this.#settings;
    if (code === 503) return this.#lost(`nobody answers for durable ${durable} of stream ${stream}`, false);
    this.#lost(`the server ended the pull from ${durable} of stream ${stream}: ${description} (${code})`, false);
  }

  #listenForSilence(): void {
    const now = Date.now();
    // A late tick means that this process was busy: what the server sent meanwhile is still unread.
    const late = now - this.#watchedAt > 2 * WATCH_MS;
    this.#watchedAt = now;
    if (this.#outstanding === 0 || late) this.#heardAt = now;
    else if (now - this.#heardAt > SILENCE_MS) {
      this.#lost(
        `the server sends no heartbeats for durable ${this.#settings.durable} of stream ${this.#settings.stream}`,
        true,
      );
    }
  }
}
