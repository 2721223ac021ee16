/** How deliveries are answered: acknowledgements together, in as few writes as possible, and none lost in a short break. */
import { setTimeout as pause } from "node:timers/promises";
import type { Settlement } from "../broker.ts";
import { atMost } from "./at-most.ts";
import { backoffDelay, type Random } from "./backoff.ts";
import type { Connection } from "./connection.ts";

const text = new TextEncoder();
const ACK = text.encode("+ACK");
const WORKING = text.encode("+WPI");
const HAND_BACK = text.encode("-NAK");
const LINE_BREAKS = /[\r\n]+/g;

/** The bytes that tell the server how a delivery ended. */
export function settlementBytes(settlement: Settlement): Uint8Array {
  switch (settlement.kind) {
    case "ack":
      return ACK;
    case "retry": {
      const nanoseconds = Math.max(0, Math.round(settlement.delayMs)) * 1_000_000;
      return nanoseconds === 0 ? HAND_BACK : text.encode(`-NAK {"delay":${nanoseconds}}`);
    }
    case "terminate":
      return text.encode(`+TERM ${settlement.reason.replace(LINE_BREAKS, " ")}`);
  }
}

const CONFIRM_TIMEOUT_MS = 2_000;
/** Long enough for elections; a durable that was deleted never answers. */
const CONFIRM_LIMIT_MS = 60_000;
const AGAIN = { baseMs: 100, capMs: 1_000 };

interface Answer {
  readonly reply: string;
  readonly bytes: Uint8Array;
}

/**
 * Sends answers by reply subject. What is settled while the connection is down is kept and sent when it is back, until
 * the server confirms it: a late acknowledgement still counts, and spares a second run. It has to be confirmed
 * because a cluster that comes back takes connections before its durables have a leader, and nobody hears an answer
 * then.
 */
export class Answers {
  readonly #connection: Connection;
  readonly #stopListening: () => void;
  readonly #random: Random;
  readonly #closing = new AbortController();
  #queue: Answer[] = [];
  #confirming: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection, random: Random) {
    this.#connection = connection;
    this.#random = random;
    this.#stopListening = connection.listen({ connected: () => this.#sendKept() });
  }

  /** Ends a delivery. Sent with all others of this turn of the event loop. */
  settle(reply: string, settlement: Settlement): void {
    this.#enqueue(reply, settlementBytes(settlement));
  }

  /** Gives back a delivery that nobody has started: the server delivers it again at once, to whoever pulls. */
  handBack(reply: string): void {
    this.#enqueue(reply, HAND_BACK);
  }

  /** Says that a delivery is still in hand, which begins its ack wait anew. Worth nothing later, so never kept. */
  working(reply: string): void {
    this.#connection.current?.publish(reply, WORKING);
  }

  /** Sends what is left and waits until the server has it, at most `limitMs`. Never rejects. */
  async close(limitMs: number): Promise<void> {
    this.#send();
    this.#stopListening();
    const client = this.#connection.current;
    if (client !== undefined) await atMost(Promise.all([client.flush(), this.#confirming]), limitMs);
    this.#closing.abort();
  }

  #enqueue(reply: string, bytes: Uint8Array): void {
    // One write for all of a turn doubles the rate of one write each.
    if (this.#queue.push({ reply, bytes }) === 1) setImmediate(() => this.#send());
  }

  #send(): void {
    const client = this.#connection.current;
    if (client === undefined || client.isClosed()) return;
    const queue = this.#queue;
    this.#queue = [];
    for (const { reply, bytes } of queue) client.publish(reply, bytes);
  }

  #sendKept(): void {
    const kept = this.#queue;
    this.#queue = [];
    if (kept.length === 0) return;
    this.#confirming = Promise.all([this.#confirming, ...kept.map((answer) => this.#confirm(answer))]);
  }

  /** Tells the server again and again, until it has heard or nobody will. */
  async #confirm({ reply, bytes }: Answer): Promise<void> {
    const until = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(CONFIRM_LIMIT_MS)]);
    for (let round = 0; !until.aborted; round += 1) {
      const client = await this.#connection.whenConnected(until);
      try {
        await client?.request(reply, bytes, { timeout: CONFIRM_TIMEOUT_MS });
        return;
      } catch {
        const delayMs = backoffDelay(round, AGAIN, this.#random);
        await pause(delayMs, undefined, { signal: until }).catch(() => undefined);
      }
    }
  }
}
