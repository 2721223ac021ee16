/** What the order of keys asks of a delivery: to wait for its turn, and to make others wait when it is given up. */
import type { Logger } from "pino";
import type { Delivery } from "../broker.ts";
import { peekPlace, type Envelope, type KeyPlace } from "../events/envelope.ts";
import { withoutBrokerHeaders } from "../events/headers.ts";
import { failpoint } from "../failpoint.ts";
import { blockKey, discardBlock } from "../postgres/key-order.ts";
import { park } from "../postgres/parked-rows.ts";
import { ROUNDS_IN_HAND } from "./key-waiting.ts";
import { lineOf } from "./run-handler.ts";
import { isOutOfTurn, type OutOfTurn, type RunOutcome } from "./run-outcome.ts";
import type { DeliveryDependencies, DeliveryTarget } from "./target.ts";
import { wordsOf } from "../words-of.ts";

/** Keeps work in hand while what it needs does not answer; `onHold` hears of each pause. */
export type Hold = <R>(
  work: () => Promise<R>,
  onHold: (error: unknown, delayMs: number | undefined) => void,
) => Promise<R>;

/** A delivery with what is known of its message. */
export interface Ordered {
  readonly delivery: Delivery;
  /** Undefined until the message is read. */
  readonly envelope: Envelope | undefined;
  readonly log: Logger;
}

/** How a run ended, or the reading before it. */
type Outcome = RunOutcome | "unrepresentable";

/** The order of one durable's deliveries. Where the contract asks for none, nothing waits. */
export interface KeyOrder {
  /**
   * Runs again while the turn of the key has not come, and parks what has to wait for longer: in hand it would take
   * the place of the very event that it waits for. Rejects with what `run` rejects with.
   */
  inTurn(ordered: Ordered, run: () => Promise<Outcome>): Promise<Exclude<Outcome, OutOfTurn> | "parked">;
  /** Makes those of the key wait for a dead letter. Rejects when the process stops while the database is away. */
  block(ordered: Ordered): Promise<void>;
  /**
   * Lets the key go on without an event, when those before it are applied: it is passed over, or its dead letter was
   * discarded. Rejects as `block`.
   */
  letGo(ordered: Omit<Ordered, "envelope">): Promise<void>;
}

/** The order that the target's contract asks for. */
export function createKeyOrder<Publish>(
  { service, database, keyWaiting, parkedEvents, stopping }: DeliveryDependencies<Publish>,
  { subscription, durable }: DeliveryTarget<Publish>,
  hold: Hold,
): KeyOrder {
  const event = subscription.event.name;
  const { version } = durable.message;

  const parkEvent = async (
    { delivery, log }: Ordered,
    place: Envelope & { readonly sequence: number },
  ): Promise<void> => {
    const { stream, sequence: streamSequence, data } = delivery;
    const headers = withoutBrokerHeaders(delivery.headers);
    const { correlationId } = place;
    const parked = { service, event, version, correlationId, place, durable: durable.name, stream, streamSequence };
    await hold(
      async () => park(database, { ...parked, headers, data }),
      (error, delayMs) => log.warn({ reason: wordsOf(error), delayMs }, "it cannot be parked now; the message is kept"),
    );
    FAILPOINT: failpoint("after-park-before-ack");
    log.info({ previous: place.previous }, "parked: an event of its key comes before it");
    // What it waits for may have been applied meanwhile, by somebody who did not see it waiting.
    parkedEvents.release(event, place.key);
  };

  return {
    async inTurn(ordered, run) {
      for (let round = 0; ; round += 1) {
        const outcome = await run();
        if (!isOutOfTurn(outcome)) return outcome;
        const { envelope } = ordered;
        if (envelope === undefined) throw new Error("An event that was not read cannot be out of turn.");
        const { key, sequence } = envelope;
        // Without a sequence there is no line to stand in: only the lock is waited for.
        if (sequence !== undefined && (outcome === "behind" || round >= ROUNDS_IN_HAND)) {
          await parkEvent(ordered, { ...envelope, sequence });
          return "parked";
        }
        await keyWaiting.wait(lineOf(event, key), sequence, round, stopping);
        if (stopping.aborted) return "handed back";
      }
    },

    async block({ delivery, envelope, log }) {
      const place: KeyPlace | undefined = envelope ?? peekPlace(delivery.headers);
      if (!subscription.orderedByKey || place === undefined) return;
      await hold(
        async () => blockKey(database, { service, event }, place, durable.name),
        (error, delayMs) =>
          log.warn({ reason: wordsOf(error), delayMs }, "its key cannot be made to wait now; the message is kept"),
      );
    },

    async letGo({ delivery: { headers }, log }) {
      const place = peekPlace(headers);
      if (!subscription.orderedByKey || place === undefined) return;
      const waits = await hold(
        async () => discardBlock(database, { service, event }, place),
        (error, delayMs) =>
          log.warn({ reason: wordsOf(error), delayMs }, "its key cannot go on without it now; the message is kept"),
      );
      if (waits) parkedEvents.release(event, place.key);
    },
  };
}
