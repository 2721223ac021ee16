/**
 * The broker and the database for those who own them: the provisioner, the command line, tests. A service
 * needs none of this and may lack the permissions.
 */
export type { Logger } from "pino";
export { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";
export type { Broker, Delivery, MessageHeaders, OutgoingMessage, Settlement, Subscription } from "./broker.ts";
export type { GivenUpBy } from "./delivery/dead-letters.ts";
export { fingerprintOf } from "./delivery/fingerprint.ts";
export { givenUpLetter, storeGivenUp, type GivenUp } from "./delivery/given-up.ts";
export { discardOf, isDiscard, originalHeaders, replayOf, type ReplayOrder } from "./delivery/replay-messages.ts";
export { peekEventId, peekPlace, readEnvelope, type KeyPlace } from "./events/envelope.ts";
export { decodeHeader } from "./events/headers.ts";
export { readPointer } from "./events/json-pointer.ts";
export { oneLine } from "./events/one-line.ts";
export { openDoor, type Door } from "./http/door.ts";
export { openLog } from "./log.ts";
export { openAdmin } from "./nats/admin.ts";
export type * from "./nats/admin-shapes.ts";
export { openBroker } from "./nats/broker.ts";
export { createNkey, publicKeyOf } from "./nats/nkeys.ts";
export { appliedFacts, wasApplied, type Fact } from "./postgres/applied.ts";
export type { Queryable } from "./postgres/database.ts";
export { retainHistory, type HistoryLimits, type Postponed, type RetainedHistory } from "./postgres/history.ts";
export { readBacklog, type OutboxBacklog } from "./postgres/outbox-rows.ts";
export {
  knownEvents,
  publishedBetween,
  publishedOf,
  publishedRange,
  recordMove,
  type PublishedPlaces,
  type SequenceRange,
} from "./postgres/reconcile.ts";
export { mendedMessage, publishedOfKey, type PublishedRow } from "./postgres/reconcile-messages.ts";
export { provisionDatabase, roleOf, serviceDatabases, STEWARD, type ServiceDatabase } from "./postgres/roles.ts";
export { blockKey } from "./postgres/key-order.ts";
export { countParked, type ParkedCount } from "./postgres/parked-rows.ts";
export { openStore, type Store, type StoreOptions } from "./postgres/store.ts";
export { readDatabaseDurability, type DatabaseDurability } from "./postgres/durability.ts";
export { sweepAttempts } from "./postgres/attempts.ts";
export {
  findConversations,
  readRunsSoFar,
  readTraceRows,
  type TracedAttempts,
  type TracedEvent,
  type TracedParked,
  type TracedRun,
  type TracedState,
} from "./postgres/trace-rows.ts";
export {
  inboxPage,
  knownCauses,
  orderPage,
  pinnedSubjects,
  readInvariants,
  settledFacts,
  waitingRows,
  type AppliedRow,
  type Inversion,
  type RegisteredInvariant,
  type WaitingRow,
  type WaitingRows,
} from "./postgres/verify-rows.ts";
export { describeSettings, readSettings, refuseFaults } from "./settings/read-settings.ts";
export { runtimeSettings } from "./settings/runtime-settings.ts";
export { readValueFiles } from "./settings/value-files.ts";
export { wordsOf } from "./words-of.ts";
