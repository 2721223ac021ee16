/** What stands between a service and its broker in a test: names of the system's own, and the time of the clock in hand. */
import type { Broker, Delivery, Settlement, SubscribeOptions, Subscription } from "../broker.ts";
import type { Clock } from "../clock.ts";
import { ackFromWire, fromWire, type WireNames } from "./wire-names.ts";
import type { WorkInHand } from "./work-in-hand.ts";

/** How a service's broker is wrapped. */
export interface TestBrokerOptions {
  readonly service: string;
  readonly names: WireNames;
  /** As `inHand` watches it. */
  readonly clock: Clock;
  /** Whether a test moves the clock. */
  readonly clockIsMoved: boolean;
  readonly inHand: WorkInHand;
}

/** Deliveries that may sleep here, for want of a broker whose time can be moved, beside those that run. */
const SLEEPERS = 500;

/**
 * A broker that calls streams and subjects as the contract does, tells what is in hand, and lets a retry wait by
 * the clock in hand: the delay of a negative acknowledgement is a timer of the server, so under a clock that is
 * moved the delivery is kept here (the server is told that it is) and given back when its time has come.
 */
export function wrapBroker(broker: Broker, { service, names, clock, clockIsMoved, inHand }: TestBrokerOptions): Broker {
  const outgoing = <T extends { readonly subject: string }>(message: T): T => ({
    ...message,
    subject: names.subject(message.subject),
  });

  return {
    get state() {
      return broker.state;
    },
    publish: async (message) => ackFromWire(names, await broker.publish(outgoing(message))),
    publishBatch: async (messages) =>
      (await broker.publishBatch(messages.map(outgoing))).map((ack) => ackFromWire(names, ack)),
    subscribe: (options, onDelivery) => subscribe(options, onDelivery),
    pauses: {
      pause: async (stream, durable, until) => broker.pauses.pause(names.stream(stream), durable, until),
      resume: async (stream, durable, notAfter) => broker.pauses.resume(names.stream(stream), durable, notAfter),
      watch: (stream, durable, onNews) => broker.pauses.watch(names.stream(stream), durable, onNews),
    },
    settledUpTo: async (stream, durable) => broker.settledUpTo(names.stream(stream), durable),
    close: async () => broker.close(),
  };

  function subscribe(options: SubscribeOptions, onDelivery: (delivery: Delivery) => Promise<Settlement>): Subscription {
    const stopping = new AbortController();
    const onWire = {
      ...options,
      stream: names.stream(options.stream),
      // What sleeps must not keep the others from running; the runtime bounds those itself.
      concurrency: options.concurrency + (clockIsMoved ? SLEEPERS : 0),
    };
    const subscription = broker.subscribe(onWire, async (delivered) => {
      const delivery = fromWire(names, delivered);
      return inHand.deliver(service, delivery, async () => {
        const settlement = await onDelivery(delivery);
        if (!clockIsMoved || settlement.kind !== "retry" || settlement.delayMs === 0) return settlement;
        await clock.sleep(settlement.delayMs, stopping.signal);
        return { kind: "retry", delayMs: 0 };
      });
    });
    return {
      get problem() {
        return subscription.problem;
      },
      suspend: () => subscription.suspend(),
      resume: () => subscription.resume(),
      stop: async () => {
        stopping.abort();
        await subscription.stop();
      },
    };
  }
}
