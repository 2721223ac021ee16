/** What the services of a test system have in hand: deliveries and jobs, and which of them wait. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Delivery } from "../broker.ts";
import type { Clock } from "../clock.ts";
import type { DeliveryReport } from "../observer.ts";

/** One delivery between the broker and its settlement. */
export interface DeliveryInHand {
  readonly service: string;
  readonly delivery: Delivery;
  /** Sleeps on a clock that a test moves: without that it goes no further. */
  sleeping: number;
  /** What was reported of it last. */
  last: DeliveryReport | undefined;
}

/** Keeps count of what runs. Each delivery's own asynchronous context says whose a sleep or a report is. */
export class WorkInHand {
  readonly #deliveries = new Set<DeliveryInHand>();
  readonly #jobs = new Map<string, number>();
  readonly #current = new AsyncLocalStorage<DeliveryInHand>();

  /** Those of one durable. */
  of(stream: string, durable: string): readonly DeliveryInHand[] {
    return [...this.#deliveries].filter(({ delivery }) => delivery.stream === stream && delivery.durable === durable);
  }

  /** The jobs that run at this moment, as `service: job`. */
  get jobs(): readonly string[] {
    return [...this.#jobs].flatMap(([job, runs]) => (runs > 0 ? [job] : []));
  }

  async deliver<R>(service: string, delivery: Delivery, work: () => Promise<R>): Promise<R> {
    const inHand: DeliveryInHand = { service, delivery, sleeping: 0, last: undefined };
    this.#deliveries.add(inHand);
    try {
      return await this.#current.run(inHand, work);
    } finally {
      this.#deliveries.delete(inHand);
    }
  }

  async job(name: string, work: () => Promise<void>): Promise<void> {
    this.#jobs.set(name, (this.#jobs.get(name) ?? 0) + 1);
    try {
      await work();
    } finally {
      this.#jobs.set(name, (this.#jobs.get(name) ?? 1) - 1);
    }
  }

  /** To be called where a report is made: in the context of its delivery. */
  reported(report: DeliveryReport): void {
    const inHand = this.#current.getStore();
    if (inHand !== undefined) inHand.last = report;
  }

  /** The clock, with which it is known who sleeps. */
  watch(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      sleep: async (delayMs, signal) => {
        const inHand = this.#current.getStore();
        if (inHand !== undefined) inHand.sleeping += 1;
        try {
          await clock.sleep(delayMs, signal);
        } finally {
          if (inHand !== undefined) inHand.sleeping -= 1;
        }
      },
    };
  }
}

/** Whether something that the delivery needs does not answer. */
export function isHeld({ last }: DeliveryInHand): boolean {
  return last?.outcome === "held";
}
