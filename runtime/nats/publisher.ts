/**
 * Publishes to streams with one inbox for all acknowledgements, a window, and one timer.
 *
 * The client's own publish drops what it holds when the connection breaks and lets every message in
 * flight run into its timeout; it also pays a request object and a timer for each message. Here a
 * message stays until the broker has said that it is stored: it is held while the connection is down,
 * sent again with the same id when it is back, when no answer comes, and when the broker says "later".
 */
import {
  ClosedConnectionError,
  createInbox,
  DrainingConnectionError,
  type Msg,
  type NatsConnection,
  type PermissionViolationError,
  type Subscription,
} from "@nats-io/transport-node";
import type { Logger } from "pino";
import type { OutgoingMessage, PublishAck } from "../broker.ts";
import { TandemError } from "../errors.ts";
import { backoffDelay, type Random } from "./backoff.ts";
import type { Connection } from "./connection.ts";
import { wordsOf } from "../words-of.ts";
import { encodeHeaders, type EncodedHeaders } from "./outgoing-headers.ts";
import { readAnswer } from "./publish-answers.ts";
import { closedError, refusal } from "./publish-errors.ts";
import { subjectProblem } from "./subjects.ts";

/** How a publisher paces itself. */
export interface PublisherSettings {
  readonly inboxPrefix: string | undefined;
  /** From the call of `publish` to its rejection, milliseconds. */
  readonly deadlineMs: number;
  /** Messages on their way at once; further calls wait their turn. */
  readonly window: number;
  readonly random: Random;
  readonly log: Logger;
}

/** A lost answer is noticed this much after the first send; each further send waits twice as long, up to four times. */
const ANSWER_TIMEOUT_MS = 2_000;
const SWEEP_MS = 100;
const LATER = { baseMs: 50, capMs: 1_000 };

interface Entry {
  readonly message: OutgoingMessage;
  readonly headers: EncodedHeaders;
  /** Where the answer goes; also the key among the pending. */
  readonly reply: string;
  readonly deadline: number;
  readonly resolve: (ack: PublishAck) => void;
  readonly reject: (error: TandemError) => void;
  sends: number;
  /** When to send it again, if nothing is heard until then. */
  dueAt: number;
  trouble: string | undefined;
}

/** Sends messages to their streams until the broker has them, the deadline passes, or the broker refuses. */
export class Publisher {
  readonly #connection: Connection;
  readonly #settings: PublisherSettings;
  readonly #inbox: string;
  /** By reply subject, in the order of the calls. Never more than the window. */
  readonly #pending = new Map<string, Entry>();
  readonly #waiting: Entry[] = [];
  readonly #sweeper: NodeJS.Timeout;
  readonly #stopListening: () => void;
  #answers: { readonly client: NatsConnection; readonly subscription: Subscription } | undefined;
  #counter = 0;
  #filling = false;
  #deaf: string | undefined;
  #closed = false;
  #onIdle: (() => void) | undefined;

  constructor(connection: Connection, settings: PublisherSettings) {
    this.#connection = connection;
    this.#settings = settings;
    this.#inbox = createInbox(settings.inboxPrefix);
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS).unref();
    this.#stopListening = connection.listen({
      connected: (client) => this.#connected(client),
      refused: (violation) => this.#refused(violation),
    });
    if (connection.current !== undefined) this.#connected(connection.current);
  }

  /** See `Broker.publish`. */
  publish(message: OutgoingMessage): Promise<PublishAck> {
    if (this.#closed) return Promise.reject(closedError(message.subject));
    const problem = subjectProblem(message.subject);
    if (problem !== undefined) return Promise.reject(refusal(JSON.stringify(message.subject), problem));
    const headers = encodeHeaders(message.headers, message.messageId);
    if (typeof headers === "string") return Promise.reject(refusal(message.subject, headers));
    return new Promise((resolve, reject) => {
      const entry: Entry = {
        message,
        headers,
        reply: `${this.#inbox}.${(this.#counter++).toString(36)}`,
        deadline: Date.now() + this.#settings.deadlineMs,
        resolve,
        reject,
        sends: 0,
        dueAt: 0,
        trouble: undefined,
      };
      this.#waiting.push(entry);
      this.#fill();
    });
  }

  /**
   * Refuses new messages, waits until none is outstanding or `limitMs` is over, and rejects what is left
   * with `CONNECTION_CLOSED`.
   */
  async close(limitMs: number): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#pending.size > 0) {
      await new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, limitMs);
        this.#onIdle = () => (clearTimeout(limit), resolve());
      });
    }
    clearInterval(this.#sweeper);
    this.#stopListening();
    const left = [...this.#pending.values(), ...this.#waiting.splice(0)];
    this.#pending.clear();
    for (const entry of left) entry.reject(closedError(entry.message.subject));
    if (left.length > 0)
      this.#settings.log.warn({ messages: left.length }, "closed before the broker acknowledged all messages");
  }

  #connected(client: NatsConnection): void {
    if (this.#answers?.client !== client || this.#answers.subscription.isClosed()) {
      this.#deaf = undefined;
      const subscription = client.subscribe(`${this.#inbox}.*`, {
        callback: (error, message) => (error === null ? this.#answered(message) : this.#cannotHear(error)),
      });
      this.#answers = { client, subscription };
    }
    for (const entry of [...this.#pending.values()]) this.#send(entry);
  }

  #cannotHear(error: Error): void {
    this.#deaf = `no acknowledgement can arrive: ${error.message}; allow this login to subscribe to its inbox`;
    this.#settings.log.error({ reason: error.message, inbox: this.#inbox }, "acknowledgements cannot be received");
  }

  #send(entry: Entry): void {
    const client = this.#connection.current;
    if (client === undefined) return;
    const { subject, data } = entry.message;
    entry.dueAt = Date.now() + ANSWER_TIMEOUT_MS * 2 ** Math.min(entry.sends, 2);
    entry.sends += 1;
    try {
      client.publish(subject, data, { reply: entry.reply, headers: entry.headers });
    } catch (error) {
      // A client that is closing is replaced; anything else is about this message: max_payload.
      if (error instanceof ClosedConnectionError || error instanceof DrainingConnectionError) return;
      const bytes = data.length + entry.headers.encode().length;
      const limit = client.info?.max_payload;
      this.#fail(
        entry,
        refusal(subject, `${wordsOf(error)}: ${bytes} bytes with headers, the server takes ${limit}`, error),
      );
    }
  }

  #answered(message: Msg): void {
    const entry = this.#pending.get(message.subject);
    // A message that was sent twice is answered twice.
    if (entry === undefined) return;
    const answer = readAnswer(message);
    switch (answer?.kind) {
      case "stored":
        this.#leave(entry);
        return entry.resolve(answer.ack);
      case "refused":
        return this.#fail(entry, refusal(entry.message.subject, answer.words));
      case "later":
        entry.trouble = answer.words;
        entry.dueAt = Date.now() + backoffDelay(entry.sends, LATER, this.#settings.random);
        return;
      case undefined:
        entry.trouble = "the answer was no acknowledgement of JetStream";
        return;
    }
  }

  #refused(violation: PermissionViolationError): void {
    if (violation.operation !== "publish") return;
    for (const entry of [...this.#pending.values()]) {
      if (entry.message.subject === violation.subject) {
        this.#fail(
          entry,
          refusal(entry.message.subject, `${violation.message}; this login may not publish it`, violation),
        );
      }
    }
  }

  #sweep(): void {
    const now = Date.now();
    for (const entry of [...this.#pending.values()]) {
      if (now >= entry.deadline) this.#fail(entry, this.#unconfirmed(entry));
      else if (now >= entry.dueAt) this.#send(entry);
    }
    // All wait equally long, so the first in line is the first to expire.
    for (let first = this.#waiting[0]; first !== undefined && now >= first.deadline; first = this.#waiting[0]) {
      this.#waiting.shift();
      first.reject(this.#unconfirmed(first));
    }
  }

  #fail(entry: Entry, error: TandemError): void {
    this.#leave(entry);
    entry.reject(error);
  }

  #leave(entry: Entry): void {
    this.#pending.delete(entry.reply);
    this.#fill();
    if (this.#pending.size === 0) this.#onIdle?.();
  }

  #fill(): void {
    // Starting a message may refuse it, which leads back here: the loop below goes on then, not the stack.
    if (this.#filling) return;
    this.#filling = true;
    while (this.#pending.size < this.#settings.window) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#pending.set(next.reply, next);
      this.#send(next);
    }
    this.#filling = false;
  }

  #unconfirmed(entry: Entry): TandemError {
    const { kind } = this.#connection.state;
    const trouble = kind === "connected" ? (this.#deaf ?? entry.trouble ?? noAnswer(entry.sends)) : `NATS is ${kind}`;
    return new TandemError(
      "PUBLISH_UNCONFIRMED",
      `${entry.message.subject}: no acknowledgement within ${this.#settings.deadlineMs} ms; ${trouble}. ` +
        "The message may or may not be stored: publish it again with the same id.",
    );
  }
}

function noAnswer(sends: number): string {
  return sends === 0 ? "it waited for earlier messages and was never sent" : `sent ${sends} times without an answer`;
}
