/** Every promise of a running configuration, in the order in which people ask. */
import { brokerPromises } from "./broker-promises.ts";
import { databasePromises } from "./database-promises.ts";
import type { Facts } from "./facts.ts";
import type { SystemPromise } from "./promise.ts";
import { timePromises } from "./time-promises.ts";

/** What is kept whatever is configured: it is how the runtime works. */
const ALWAYS: readonly SystemPromise[] = [
  {
    id: "service-process",
    when: "a service's process is killed",
    state: "kept",
    then: "Nothing is lost and nothing is applied twice: effect, inbox and outbox commit together, and what was in hand is delivered again.",
  },
  {
    id: "broker-away",
    when: "NATS is away, for however long",
    state: "kept",
    then: "Events wait in the outbox, in the transaction that made them, and are published in the order of their key.",
  },
  {
    id: "poison",
    when: "a message cannot be handled, or kills the process that handles it",
    state: "kept",
    then: "It becomes one dead letter with the reason, and the next message goes on.",
  },
];

export function promisesOf(facts: Facts): readonly SystemPromise[] {
  return [...ALWAYS, ...brokerPromises(facts), ...databasePromises(facts.database), ...timePromises(facts.topology)];
}
