/** The advisory net: a dead letter for each message that the server gave up, however its process ended. */
import {
  blockKey,
  givenUpLetter,
  peekEventId,
  peekPlace,
  storeGivenUp,
  wasApplied,
  type Admin,
  type Broker,
  type Delivery,
  type GivenUp,
  type Logger,
  type Settlement,
  type Store,
} from "@tandem/runtime/admin";
import { holdsDeadLetters } from "../dead-letter-stream.ts";
import type { Topology, TopologyConsumer } from "../topology.ts";
import { readAdvisory, type Advisory } from "./advisory.ts";
import { type LetterIdentity, type StoredLetters, storedLetters } from "./stored-letters.ts";

/** What became of an advisory. */
export type AdvisoryOutcome =
  /** A dead letter is stored. */
  | "dead_lettered"
  /** A dead letter was stored before: by the service's own process, or by another steward. */
  | "known"
  /** The event was applied, and only its acknowledgement was lost. */
  | "applied"
  /** Of a durable that the contract does not have. */
  | "unknown_consumer"
  /** No advisory of a message that was given up. */
  | "malformed"
  /** It could not be handled now; the server delivers it again. */
  | "postponed";

/** What the net stands on. */
export interface NetDependencies {
  readonly topology: Topology;
  readonly admin: Admin;
  readonly broker: Pick<Broker, "publish">;
  readonly store: Store;
  readonly log: Logger;
  readonly now: () => number;
  readonly onOutcome: (outcome: AdvisoryOutcome) => void;
}

/** Well after a database or a broker that restarts is back, and soon enough for whoever waits for the letter. */
const POSTPONED_MS = 5_000;

/** What becomes of each advisory; acknowledged only after the dead letter is stored. Never rejects. */
export function createNet(dependencies: NetDependencies): (delivery: Delivery) => Promise<Settlement> {
  const { topology, admin, log, onOutcome } = dependencies;
  const deadLetters = topology.streams.find(holdsDeadLetters);
  const letters = storedLetters(admin, deadLetters?.name ?? "DEAD_LETTERS");
  return async ({ data, subject, sequence }) => {
    const advisory = readAdvisory(data);
    if (advisory === undefined) {
      log.warn({ subject, sequence }, "no advisory of a message that was given up; passed over");
      onOutcome("malformed");
      return { kind: "ack" };
    }
    try {
      const outcome = await giveUp(dependencies, letters, deadLetters?.duplicateWindowMs ?? 0, advisory);
      onOutcome(outcome);
      return { kind: "ack" };
    } catch (error) {
      log.error({ err: error, ...advisory }, "an advisory cannot be handled now; it comes again");
      onOutcome("postponed");
      return { kind: "retry", delayMs: POSTPONED_MS };
    }
  };
}

async function giveUp(
  { topology, admin, broker, store, log, now }: NetDependencies,
  letters: StoredLetters,
  rememberedForMs: number,
  advisory: Advisory,
): Promise<AdvisoryOutcome> {
  const by = topology.consumers.find(
    ({ stream, durable }) => stream === advisory.stream && durable === advisory.consumer,
  );
  if (by === undefined) {
    log.warn({ ...advisory }, "the server gave a message up of a durable that the contract does not have; passed over");
    return "unknown_consumer";
  }
  const given = await findGivenUp(admin, by, advisory);
  const eventId = peekEventId(given.delivery.headers);
  const where = { eventId, ...advisory, event: by.event, service: by.service };
  if (eventId !== undefined && (await isApplied(store, by, eventId))) {
    log.info(where, "the server gave up a message that was applied: its acknowledgement was lost");
    return "applied";
  }
  const letter = givenUpLetter(given, new Date(now()));
  // No letter is older than its message. As long as the broker surely remembers the id, it keeps them one by itself.
  const remembered = now() - given.delivery.storedAt < rememberedForMs;
  if ((given.gone || !remembered) && (await letters.has(identityOf(letter, given)))) {
    await block(store, by, given);
    log.info(where, "the server gave a message up whose dead letter is stored already");
    return "known";
  }
  await storeGivenUp(broker, letter);
  await block(store, by, given);
  log.error({ ...where, gone: given.gone, deadLetter: by.deadLetterSubject }, "given up by the server: a dead letter");
  return "dead_lettered";
}

async function findGivenUp(admin: Admin, by: TopologyConsumer, advisory: Advisory): Promise<GivenUp> {
  const { stream, sequence, consumer: durable, deliveries: deliveryCount } = advisory;
  const stored = await admin.message(stream, sequence);
  const same = { stream, sequence, durable, deliveryCount };
  // A stream that was made anew gives its sequences again: what was stored afterwards is another message.
  if (stored !== undefined && stored.storedAt <= advisory.at) {
    const { subject, data, headers, storedAt } = stored;
    return { by, gone: false, delivery: { ...same, subject, data, headers, storedAt } };
  }
  const subject = by.filterSubjects[0] ?? by.event;
  return {
    by,
    gone: true,
    delivery: { ...same, subject, data: new Uint8Array(), headers: {}, storedAt: advisory.at },
  };
}

async function isApplied(store: Store, { service, event }: TopologyConsumer, eventId: string): Promise<boolean> {
  // A service that was never started here has no inbox, and has applied nothing.
  if (!(await store.schemas()).includes(service)) return false;
  return wasApplied(store.of(service), { service, event, eventId });
}

/** Makes those of its key wait, as the service's own process would have, where the contract asks for their order. */
async function block(store: Store, by: TopologyConsumer, { delivery: { headers, durable } }: GivenUp): Promise<void> {
  const place = peekPlace(headers);
  if (!by.orderedByKey || place === undefined || !(await store.schemas()).includes(by.service)) return;
  await blockKey(store.of(by.service), by, place, durable);
}

function identityOf(letter: { readonly subject: string; readonly messageId: string }, given: GivenUp): LetterIdentity {
  const { subject, messageId } = letter;
  const { durable: consumer, stream, sequence } = given.delivery;
  return { subject, messageId, ...(given.gone ? { place: { consumer, stream, sequence } } : {}) };
}
