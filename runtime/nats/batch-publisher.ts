/**
 * Publishes messages to one stream as an atomic batch: members that ask for no answer, and a last one that commits
 * and is answered for all. One round trip; the client's own batches hide what the server says.
 */
import { setTimeout as pause } from "node:timers/promises";
import {
  InvalidArgumentError,
  NoRespondersError,
  nuid,
  PermissionViolationError,
  type NatsConnection,
} from "@nats-io/transport-node";
import type { OutgoingMessage, PublishAck } from "../broker.ts";
import { TandemError } from "../errors.ts";
import { atMost } from "./at-most.ts";
import { backoffDelay, type Random } from "./backoff.ts";
import { readBatchAnswer, type BatchAnswer } from "./batch-answers.ts";
import type { Connection } from "./connection.ts";
import { wordsOf } from "../words-of.ts";
import { encodeHeaders, type BatchPlace, type EncodedHeaders } from "./outgoing-headers.ts";
import { NOBODY } from "./publish-answers.ts";
import { closedError, refusal } from "./publish-errors.ts";
import { subjectProblem } from "./subjects.ts";

/** What batches are published with. */
export interface BatchSettings {
  /** From the call to its rejection, milliseconds. */
  readonly deadlineMs: number;
  readonly random: Random;
  /** Publishes one message alone, for a batch of which some is stored already. */
  readonly publishOne: (message: OutgoingMessage) => Promise<PublishAck>;
}

/** An answer that is lost is noticed after this long. */
const ANSWER_TIMEOUT_MS = 2_000;
const LATER = { baseMs: 50, capMs: 1_000 };

/** Sends batches until the broker has them, the deadline passes, or the broker refuses. */
export class BatchPublisher {
  readonly #connection: Connection;
  readonly #settings: BatchSettings;
  readonly #running = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #closed = false;

  constructor(connection: Connection, settings: BatchSettings) {
    this.#connection = connection;
    this.#settings = settings;
  }

  /** See `Broker.publishBatch`. */
  async publish(messages: readonly OutgoingMessage[]): Promise<readonly PublishAck[]> {
    if (this.#closed) throw closedError(messages[0]?.subject ?? "a batch");
    const running = this.#publish(messages);
    const settled = running.then(
      () => undefined,
      () => undefined,
    );
    this.#running.add(settled);
    void settled.then(() => this.#running.delete(settled));
    return running;
  }

  /**
   * Refuses new batches, waits until none is outstanding or `limitMs` is over, and rejects what is left with
   * `CONNECTION_CLOSED`.
   */
  async close(limitMs: number): Promise<void> {
    this.#closed = true;
    if (this.#running.size > 0) await atMost(Promise.all(this.#running), limitMs);
    this.#closing.abort();
  }

  async #publish(messages: readonly OutgoingMessage[]): Promise<readonly PublishAck[]> {
    const last = messages.at(-1);
    if (last === undefined) return [];
    // A member gets no answer of its own; that it may not be published is heard of on the side.
    let violation: PermissionViolationError | undefined;
    const stopListening = this.#connection.listen({
      refused: (refused) => {
        if (messages.some(({ subject }) => subject === refused.subject)) violation = refused;
      },
    });
    const until = Date.now() + this.#settings.deadlineMs;
    let trouble = "it was never sent";
    try {
      for (let sends = 0; Date.now() < until; sends += 1) {
        const client = await this.#clientUntil(until);
        if (this.#closing.signal.aborted || this.#connection.state.kind === "closed") throw closedError(last.subject);
        const answer = client === undefined ? this.#noClient() : await this.#send(client, messages, until);
        if (violation !== undefined) throw refusal(violation.subject, wordsOf(violation), violation);
        if (answer.kind === "stored") return answer.acks;
        if (answer.kind === "stored before") return await this.#publishSingly(messages);
        if (answer.kind === "refused") throw refusal(last.subject, answer.words);
        if (answer.kind === "unsupported") {
          throw new TandemError(
            "BATCH_UNSUPPORTED",
            `${last.subject}: no atomic batch can be stored: ${answer.words}.`,
          );
        }
        trouble = answer.words;
        await this.#pause(Math.min(backoffDelay(sends, LATER, this.#settings.random), until - Date.now()));
      }
    } finally {
      stopListening();
    }
    throw new TandemError(
      "PUBLISH_UNCONFIRMED",
      `${last.subject}: no acknowledgement of the batch within ${this.#settings.deadlineMs} ms; ${trouble}. ` +
        "It may or may not be stored: publish it again with the same ids.",
    );
  }

  /** Each under its own id: what is stored answers as a duplicate, and what is not is stored now. */
  async #publishSingly(messages: readonly OutgoingMessage[]): Promise<readonly PublishAck[]> {
    const acks: PublishAck[] = [];
    for (const message of messages) acks.push(await this.#settings.publishOne(message));
    return acks;
  }

  #noClient(): BatchAnswer {
    return { kind: "later", words: `NATS is ${this.#connection.state.kind}` };
  }

  /** Sends the members and the commit. A batch that is sent again is another batch: half of the first may be there. */
  async #send(client: NatsConnection, messages: readonly OutgoingMessage[], until: number): Promise<BatchAnswer> {
    const id = nuid.next();
    const members = messages.map((message, index) => ({
      ...message,
      headers: headersOf(message, { id, sequence: index + 1, isLast: index === messages.length - 1 }),
    }));
    const commit = members.pop();
    if (commit === undefined) return { kind: "stored", acks: [] };
    try {
      // In one breath, so that nothing of ours comes between them.
      for (const { subject, data, headers } of members) client.publish(subject, data, { headers });
      const { subject, data, headers } = commit;
      const timeout = Math.max(1, Math.min(ANSWER_TIMEOUT_MS, until - Date.now()));
      const answer = await client.request(subject, data, { headers, timeout });
      return readBatchAnswer(answer.string(), messages.length);
    } catch (error) {
      const causes = causesOf(error);
      if (causes.some((cause) => cause instanceof NoRespondersError)) return NOBODY;
      if (causes.some((cause) => cause instanceof InvalidArgumentError || cause instanceof PermissionViolationError))
        throw refusal(commit.subject, wordsOf(error), error);
      return { kind: "later", words: wordsOf(error) };
    }
  }

  async #clientUntil(until: number): Promise<NatsConnection | undefined> {
    if (this.#connection.current !== undefined) return this.#connection.current;
    const limit = AbortSignal.timeout(Math.max(1, until - Date.now()));
    return this.#connection.whenConnected(AbortSignal.any([limit, this.#closing.signal]));
  }

  async #pause(delayMs: number): Promise<void> {
    await pause(Math.max(0, delayMs), undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }
}

/** Throws `PUBLISH_REFUSED` for a message that can never be sent. */
function headersOf({ subject, headers, messageId }: OutgoingMessage, place: BatchPlace): EncodedHeaders {
  const problem = subjectProblem(subject);
  if (problem !== undefined) throw refusal(JSON.stringify(subject), problem);
  const encoded = encodeHeaders(headers, messageId, place);
  if (typeof encoded === "string") throw refusal(subject, encoded);
  return encoded;
}

/** The client wraps what it rejects a request with. */
function causesOf(error: unknown): unknown[] {
  return [error, ...(error instanceof Error && error.cause !== undefined ? causesOf(error.cause) : [])];
}
