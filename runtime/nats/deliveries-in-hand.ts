/** The deliveries that one subscription has in hand: so many run at once, all are kept alive, each is answered. */
import type { Logger } from "pino";
import type { Delivery, Settlement } from "../broker.ts";
import type { Answers } from "./answers.ts";
import type { IncomingDelivery } from "./incoming-delivery.ts";

/** How deliveries are run. */
export interface InHandSettings {
  readonly concurrency: number;
  readonly onDelivery: (delivery: Delivery) => Promise<Settlement>;
  readonly answers: Answers;
  readonly log: Logger;
  /** One delivery less in hand: there is room for more. */
  readonly onRoom: () => void;
}

/** Runs deliveries in the order they came, never more than the concurrency at once. */
export class DeliveriesInHand {
  readonly #settings: InHandSettings;
  readonly #all = new Set<IncomingDelivery>();
  readonly #unstarted: IncomingDelivery[] = [];
  #running = 0;
  #ending = false;
  #handingBack = false;
  #onDone: (() => void) | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(settings: InHandSettings) {
    this.#settings = settings;
  }

  /** Deliveries that run or wait for their turn. */
  get size(): number {
    return this.#all.size;
  }

  /** Takes one more; after `handBack` it is handed back at once. */
  take(incoming: IncomingDelivery): void {
    if (this.#handingBack) return this.#settings.answers.handBack(incoming.reply);
    this.#all.add(incoming);
    this.#unstarted.push(incoming);
    this.#startNext();
  }

  /**
   * Tells the server every third of the ack wait that everything here is still in hand. That includes
   * what waits for its turn: its ack wait runs from the delivery, not from the start of its handler.
   */
  keepAlive(ackWaitMs: number): void {
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => {
      for (const { reply } of this.#all) this.#settings.answers.working(reply);
    }, ackWaitMs / 3);
  }

  /** Starts no more. What has not started is still kept alive, until `handBack`. */
  end(): void {
    this.#ending = true;
  }

  /** Hands back what has not started, from now on also what still arrives. After `end`. */
  handBack(): void {
    this.#handingBack = true;
    for (const incoming of this.#unstarted.splice(0)) {
      this.#all.delete(incoming);
      this.#settings.answers.handBack(incoming.reply);
    }
  }

  /** Resolves when the started deliveries are settled. Only after `handBack`. */
  async done(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#onDone = resolve));
    clearInterval(this.#heartbeat);
  }

  #startNext(): void {
    while (!this.#ending && this.#running < this.#settings.concurrency) {
      const next = this.#unstarted.shift();
      if (next === undefined) return;
      this.#running += 1;
      void this.#run(next);
    }
  }

  async #run(incoming: IncomingDelivery): Promise<void> {
    const { onDelivery, answers, log, onRoom } = this.#settings;
    try {
      answers.settle(incoming.reply, await onDelivery(incoming.delivery));
    } catch (error) {
      const { subject, sequence, deliveryCount } = incoming.delivery;
      log.error(
        { err: error, subject, sequence, deliveryCount },
        "a delivery was not settled; it comes again after the ack wait",
      );
    }
    this.#all.delete(incoming);
    this.#running -= 1;
    this.#startNext();
    onRoom();
    if (this.#running === 0) this.#onDone?.();
  }
}
