/** How deliveries are answered: acknowledgements together, in as few writes as possible, and none lost in a short break. */
import type { Settlement } from "../broker.ts";
import { atMost } from "./at-most.ts";
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

/**
 * Sends answers by reply subject. What is settled while the connection is down is kept and sent when it
 * is back: a late acknowledgement still counts, and spares a second run.
 */
export class Answers {
  readonly #connection: Connection;
  readonly #stopListening: () => void;
  #queue: { readonly reply: string; readonly bytes: Uint8Array }[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#stopListening = connection.listen({ connected: () => this.#send() });
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
    if (client !== undefined) await atMost(client.flush(), limitMs);
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
}
