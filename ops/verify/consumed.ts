/** I7: every event is applied by each of its consumers, or a dead letter, or on its way. */
import type { Letter } from "../dead-letters/letter.ts";
import type { Topology } from "../topology.ts";
import { isPending, type OpenDelivery, type OpenFact } from "./deliveries.ts";
import type { Tally } from "./verdict.ts";

/** What is needed to judge. */
export interface ConsumedSources {
  readonly topology: Topology;
  /** What was not applied. */
  readonly open: readonly OpenFact[];
  /** Read after the inboxes were asked. */
  readonly letters: readonly Letter[];
  /** What was stored after this may still move, milliseconds since the epoch. */
  readonly graceFrom: number;
}

/** A fact that somebody may have in hand, with the delivery by which. */
interface Candidate {
  readonly fact: OpenFact;
  readonly delivery: OpenDelivery;
}

/**
 * Judges what no inbox knows. A durable says how many messages are in hand and not which: of more than so many
 * that could be, the oldest are nowhere.
 */
export function judgeConsumed({ topology, open, letters, graceFrom }: ConsumedSources, tally: Tally): void {
  const letterOf = letterFinder(letters);
  const candidates: Candidate[] = [];
  const nowhere = (fact: OpenFact, deliveries: readonly OpenDelivery[], letter: Letter | undefined): void => {
    const acted = Date.parse(letter?.actions.at(-1)?.at ?? "") || 0;
    if (Math.max(acted, ...deliveries.map(({ storedAt }) => storedAt)) > graceFrom) tally.inFlight += 1;
    else if (letter === undefined && mayBePassedOver(topology, fact)) tally.notJudged += 1;
    else tally.violate(evidenceOf(fact, letter));
  };

  for (const fact of open) {
    const letter = letterOf(fact);
    if (letter !== undefined && letter.state !== "replayed") continue;
    // What was given up is settled: only the replay can be on its way.
    const deliveries = letter === undefined ? fact.deliveries : fact.deliveries.filter(({ forOne }) => forOne);
    const held = deliveries.find(
      ({ durable, sequence }) => durable !== undefined && durable.ackPending > 0 && sequence > durable.settledSequence,
    );
    if (deliveries.some(isPending)) tally.inFlight += 1;
    else if (held !== undefined) candidates.push({ fact, delivery: held });
    else nowhere(fact, deliveries, letter);
  }

  for (const group of Map.groupBy(candidates, ({ delivery }) => delivery.durable).values()) {
    const oldestFirst = group.toSorted((one, other) => one.delivery.sequence - other.delivery.sequence);
    const lost = Math.max(0, oldestFirst.length - (oldestFirst[0]?.delivery.durable?.ackPending ?? 0));
    tally.inFlight += oldestFirst.length - lost;
    for (const { fact, delivery } of oldestFirst.slice(0, lost)) nowhere(fact, [delivery], letterOf(fact));
  }
}

/** Letters by what they are about: an event of a service, or a place in a stream where nobody knows the event. */
function letterFinder(letters: readonly Letter[]): (fact: OpenFact) => Letter | undefined {
  const ofConsumers = letters.filter(({ latest }) => latest.origin === "consumer");
  const found = new Map<string, Letter>();
  for (const letter of ofConsumers) {
    const { service, channel, eventId, source } = letter.latest;
    found.set(JSON.stringify([service, channel, eventId ?? [source.stream, source.sequence]]), letter);
  }
  return ({ service, channel, eventId, deliveries }) => {
    const [{ stream, sequence } = { stream: "", sequence: 0 }] = deliveries;
    return found.get(JSON.stringify([service, channel, eventId === "" ? [stream, sequence] : eventId]));
  };
}

/**
 * Whether the service reads a newer version than any that this came in: what that one cannot say is passed over
 * without a trace, where the contract asks for it.
 */
function mayBePassedOver({ consumers }: Topology, { service, channel, deliveries }: OpenFact): boolean {
  const newest = Math.max(...deliveries.map(({ consumer }) => consumer.version));
  return consumers.some((other) => other.service === service && other.channel === channel && other.version > newest);
}

function evidenceOf({ service, event, eventId, deliveries }: OpenFact, letter: Letter | undefined) {
  const places = deliveries.map(({ stream, sequence }) => `${stream} #${sequence}`).join(", ");
  const missing = deliveries.find(({ durable }) => durable === undefined)?.consumer.durable;
  return { service, event, eventId, places, why: reason(missing, letter) };
}

function reason(missing: string | undefined, letter: Letter | undefined): string {
  if (letter !== undefined) return `its dead letter ${letter.id} was replayed, and it was neither applied nor given up`;
  if (missing !== undefined) return `its durable ${missing} does not exist`;
  return "neither applied, nor a dead letter, nor on its way";
}
