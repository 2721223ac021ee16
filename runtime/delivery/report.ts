/** Each outcome of a delivery told once, to everybody who counts or watches. */
import type { Delivery } from "../broker.ts";
import type { RuntimeErrorCode } from "../errors.ts";
import { peekEventId } from "../events/envelope.ts";
import type { EventMeta } from "../handler.ts";
import type { DeliveryOutcome, Metrics } from "../metrics.ts";
import type { ServiceObserver } from "../observer.ts";
import type { DeliveryTarget } from "./target.ts";

/** What is known of an outcome besides its delivery. */
export interface About {
  /** Undefined when the message could not be read. */
  readonly envelope?: EventMeta | undefined;
  readonly error?: unknown;
  readonly code?: RuntimeErrorCode;
  readonly delayMs?: number | undefined;
}

/** Tells an outcome. */
export type Report = (delivery: Delivery, outcome: DeliveryOutcome, about: About) => void;

/** What tells the outcomes of one durable. */
export function createReport(
  {
    service,
    metrics,
    observer,
  }: { readonly service: string; readonly metrics: Metrics; readonly observer: ServiceObserver | undefined },
  { subscription, durable }: Pick<DeliveryTarget<never>, "subscription" | "durable">,
): Report {
  const labels = { event: subscription.event.name, version: durable.message.version };
  return (delivery, outcome, { envelope, ...about }) => {
    metrics.delivered(labels, outcome);
    observer?.delivered?.({
      service,
      durable: durable.name,
      ...labels,
      outcome,
      attempt: delivery.deliveryCount,
      stream: delivery.stream,
      sequence: delivery.sequence,
      subject: delivery.subject,
      eventId: envelope?.eventId ?? peekEventId(delivery.headers),
      correlationId: envelope?.correlationId,
      causationId: envelope?.causationId,
      key: envelope?.key,
      ...about,
    });
  };
}
