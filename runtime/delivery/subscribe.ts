/** Everything that a service reads: one subscription for each durable. */
import type { Subscription } from "../broker.ts";
import type { SubscriptionDescriptor } from "../descriptors.ts";
import { createDeliveryHandler } from "./handle-delivery.ts";
import { createSlots } from "./slots.ts";
import type { DeliveryDependencies, DeliveryTarget } from "./target.ts";

/** One event that a service handles, with its handler. */
export interface HandledEvent<Publish> {
  readonly subscription: SubscriptionDescriptor;
  readonly handle: DeliveryTarget<Publish>["handle"];
}

/**
 * Starts to read every durable of the handled events, and answers the subscriptions by durable. The
 * versions of one event share its concurrency.
 */
export function subscribeAll<Publish>(
  dependencies: DeliveryDependencies<Publish>,
  events: readonly HandledEvent<Publish>[],
): ReadonlyMap<string, Subscription> {
  const { broker, outages, serving, stopping } = dependencies;
  const subscriptions = new Map<string, Subscription>();
  for (const { subscription, handle } of events) {
    const { event, durables, concurrency, ackWaitMs } = subscription;
    const slots = createSlots(concurrency);
    for (const durable of durables) {
      const onDelivery = createDeliveryHandler(dependencies, { subscription, durable, handle });
      const running = broker.subscribe(
        { stream: event.stream, durable: durable.name, concurrency, ackWaitMs, serving },
        async (delivery) => {
          const release = await slots.take(stopping);
          if (release === undefined) return { kind: "retry", delayMs: 0 };
          try {
            return await onDelivery(delivery);
          } finally {
            release();
          }
        },
      );
      const labels = { event: event.name, version: durable.message.version };
      outages.reads({ labels, stream: event.stream, durable: durable.name, subscription: running });
      subscriptions.set(durable.name, running);
    }
  }
  return subscriptions;
}
