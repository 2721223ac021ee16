/** Compares what two readers were told, each by its own version, with each other and with what was ordered. */
import type { OrderStatus } from "#generated/http/get-order.ts";
import type { Load } from "./load.ts";
import { fold, type Reader } from "./reader.ts";

export interface Evidence {
  readonly v1: Reader;
  readonly v2: Reader;
  readonly load: Pick<Load, "accepted" | "refused">;
  readonly outcomes: readonly OrderStatus[];
  /** When the last process ended that knew v1 only, milliseconds since the epoch. */
  readonly lastOfV1Only: number;
  /** When the first process was started that publishes v2 only. */
  readonly firstOfV2Only: number;
  readonly deadLetters: number;
}

/** The ids of the facts that were published in both versions. */
export function inBoth({ v1, v2 }: Pick<Evidence, "v1" | "v2">): readonly string[] {
  return [...v1.facts.keys()].filter((id) => v2.facts.has(id));
}

/** Everything that is not as it has to be, in sentences; empty when all is well. */
export function findFaults(evidence: Evidence): readonly string[] {
  const { v1, v2, load, outcomes, deadLetters } = evidence;
  const undecided = outcomes.filter(({ status }) => status !== "confirmed" && status !== "cancelled").length;
  return [
    ...load.refused.map((why) => `An order was refused: ${why}`),
    ...v1.faults,
    ...v2.faults,
    ...halfPairs(evidence),
    ...faultsOfFolds(evidence),
    ...faultsOfFacts(evidence),
    ...(outcomes.length === load.accepted.length && undecided === 0
      ? []
      : [`${undecided} of ${load.accepted.length} orders are undecided.`]),
    ...(deadLetters === 0 ? [] : [`There are ${deadLetters} dead letters.`]),
  ];
}

/** A fact has one version only where no process could have published the other one. */
function halfPairs({ v1, v2, lastOfV1Only, firstOfV2Only }: Evidence): readonly string[] {
  const onlyV1 = [...v1.facts].filter(([id, { storedAt }]) => !v2.facts.has(id) && storedAt > lastOfV1Only);
  const onlyV2 = [...v2.facts].filter(([id, { storedAt }]) => !v1.facts.has(id) && storedAt < firstOfV2Only);
  return [
    ...onlyV1.map(([id]) => `The fact ${id} was published as v1 and not as v2, although both were.`),
    ...onlyV2.map(([id]) => `The fact ${id} was published as v2 and not as v1, although both were.`),
  ];
}

function faultsOfFolds(evidence: Evidence): readonly string[] {
  const { v1, v2 } = evidence;
  const both = inBoth(evidence);
  const [older, newer] = [fold(v1, both), fold(v2, both)];
  const moved = both.filter((id) => v1.facts.get(id)?.orderId !== v2.facts.get(id)?.orderId);
  return [
    ...(both.length === 0 ? ["No fact was published in both versions."] : []),
    ...(older === newer ? [] : [`The readers do not agree: v1 makes it ${older}, and v2 ${newer}.`]),
    ...moved.map((id) => `The fact ${id} is about one order in v1 and about another in v2.`),
  ];
}

/** Every accepted order is one fact, and says what was ordered. */
function faultsOfFacts({ v1, v2, load }: Evidence): readonly string[] {
  const facts = new Map([...v1.facts, ...v2.facts]);
  const byOrder = Map.groupBy(facts.values(), ({ orderId }) => orderId);
  const faults = load.accepted.flatMap(({ id, items }) => {
    const told = byOrder.get(id) ?? [];
    if (told.length !== 1) return [`The order ${id} was published as ${told.length} facts.`];
    const isSame = items.every(({ product_id, quantity }) => told[0]?.quantities.get(product_id) === quantity);
    return isSame && told[0]?.quantities.size === items.length
      ? []
      : [`The fact of order ${id} does not say what was ordered.`];
  });
  const strangers = facts.size - load.accepted.length;
  return strangers === 0 ? faults : [...faults, `There are ${facts.size} facts about ${load.accepted.length} orders.`];
}
