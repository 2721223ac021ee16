/** The `publish` object that a handler is given, and what was handed to it. */
import { randomUUID } from "node:crypto";
import { systemClock, type Clock } from "../clock.ts";
import type { EventDescriptor } from "../descriptors.ts";
import { TandemError } from "../errors.ts";
import type { HandWrittenParts } from "./derive-versions.ts";
import { isIdentifier } from "./envelope.ts";
import { makeEvent, type Cause, type OutgoingEvent } from "./outgoing.ts";

/** Collects what one run publishes. */
export interface PublishCollector<Publish> {
  /** One function for each event that the service may publish, by channel key. */
  readonly publish: Publish;
  /** What was published so far, in order. */
  readonly events: readonly OutgoingEvent[];
  /** From now on publishing throws `RUN_OVER`: the run's transaction is over. */
  close(): void;
}

/**
 * A collector for one run.
 *
 * @param parts the hand-written parts of the mappings between the versions that are published
 * @param clock says when what is published happened
 * @throws `PAYLOAD_INVALID` when the cause's ids are none
 */
export function collectPublishes<Publish>(
  publishes: Readonly<Record<string, EventDescriptor>>,
  cause: Cause,
  parts: HandWrittenParts = {},
  clock: Clock = systemClock,
): PublishCollector<Publish> {
  for (const [name, id] of [
    ["correlationId", cause.correlationId],
    ["causationId", cause.causationId],
  ] as const) {
    if (!isIdentifier(id)) {
      throw new TandemError("PAYLOAD_INVALID", `${name} must be 1 to 256 visible characters without spaces.`);
    }
  }
  const events: OutgoingEvent[] = [];
  let open = true;
  const publishOne = (event: EventDescriptor, payload: unknown): void => {
    if (!open) {
      throw new TandemError(
        "RUN_OVER",
        `publish.${event.channel} was called after the run had ended: await everything inside it.`,
      );
    }
    const identity = { eventId: randomUUID(), occurredAt: new Date(clock.now()).toISOString() };
    events.push(makeEvent(event, payload, cause, identity, parts));
  };
  const publish: Record<string, (payload: unknown) => void> = Object.fromEntries(
    Object.entries(publishes).map(([channel, event]) => [channel, (payload: unknown) => publishOne(event, payload)]),
  );
  return {
    // Codegen writes the Publish interface and the descriptors from one contract: their keys are the same.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    publish: publish as Publish,
    events,
    close: () => {
      open = false;
    },
  };
}
