/** Who has to take which event, and what is known of it before anybody is asked about dead letters. */
import { appliedFacts, settledFacts, type Admin, type DurableInfo } from "@tandem/runtime/admin";
import type { Topology, TopologyConsumer } from "../topology.ts";
import type { ServiceSchema } from "./dependencies.ts";
import type { StoredEvent } from "./stored-event.ts";
import type { Tally } from "./verdict.ts";

/** One stored message on its way to one durable. */
export interface OpenDelivery {
  readonly consumer: TopologyConsumer;
  readonly stream: string;
  readonly sequence: number;
  readonly storedAt: number;
  /** Whether it is for this durable alone: a replay, or the turn of its key. */
  readonly forOne: boolean;
  /** Undefined where the durable does not exist. */
  readonly durable: DurableInfo | undefined;
}

/** An event that a service did not apply yet. */
export interface OpenFact {
  readonly service: string;
  /** The event's channel key. */
  readonly channel: string;
  readonly event: string;
  /** Empty where neither headers nor body say it. */
  readonly eventId: string;
  readonly deliveries: OpenDelivery[];
}

/** Collects, block by block, what was not applied. */
export interface Deliveries {
  see(events: readonly StoredEvent[]): Promise<void>;
  /** What is still open, after another look into inboxes and lines of keys. */
  lookAgain(): Promise<readonly OpenFact[]>;
}

/** The durables of a topology as they are now; read before anything that they delivered is looked up. */
export async function readDurables(admin: Admin, { streams }: Topology): Promise<ReadonlyMap<string, DurableInfo>> {
  const infos = await Promise.all(
    streams.map(async ({ name }) => ((await admin.stream(name)) === undefined ? [] : admin.durables(name))),
  );
  return new Map(infos.flat().map((info) => [`${info.stream} ${info.name}`, info]));
}

/** Whether the durable will still deliver it. */
export function isPending({ durable, sequence }: OpenDelivery): boolean {
  return durable !== undefined && sequence > durable.deliveredSequence;
}

/** Counts in `tally` what was applied, and what is pending: a durable far behind does not fill the memory. */
export function createDeliveries(
  topology: Topology,
  schemas: readonly ServiceSchema[],
  durables: ReadonlyMap<string, DurableInfo>,
  tally: Tally,
): Deliveries {
  const open = new Map<string, OpenFact>();
  const databases = new Map(schemas.map(({ service, database }) => [service, database]));
  const versions = new Map<string, number>();
  for (const { service, channel } of topology.consumers) {
    versions.set(`${service} ${channel}`, (versions.get(`${service} ${channel}`) ?? 0) + 1);
  }

  const keep = (event: StoredEvent, consumer: TopologyConsumer, durable: DurableInfo | undefined): void => {
    const { service, channel, event: name } = consumer;
    const { eventId = "", stream, sequence, storedAt, forOne } = event;
    const key = JSON.stringify([service, channel, eventId === "" ? [stream, sequence] : eventId]);
    const fact = open.get(key) ?? { service, channel, event: name, eventId, deliveries: [] };
    open.set(key, fact);
    fact.deliveries.push({ consumer, stream, sequence, storedAt, forOne, durable });
  };

  return {
    async see(events) {
      const seen = events
        .filter(({ isDiscard }) => !isDiscard)
        .flatMap((stored) => stored.consumers.map((consumer) => ({ stored, consumer })));
      tally.checked += seen.length;
      for (const [service, theirs] of Map.groupBy(seen, ({ consumer }) => consumer.service)) {
        const facts = theirs.map(({ stored, consumer }) => {
          const durable = durables.get(`${consumer.stream} ${consumer.durable}`);
          return { stored, consumer, durable, event: consumer.event, eventId: stored.eventId ?? "" };
        });
        const database = databases.get(service);
        const applied = database === undefined ? new Set() : await appliedFacts(database, service, facts);
        for (const fact of facts) {
          const { stored, consumer, durable } = fact;
          if (applied.has(fact)) continue;
          const alone = !stored.forOne && versions.get(`${service} ${consumer.channel}`) === 1;
          // Nothing else could bring it, so nothing else need be known of it.
          if (alone && durable !== undefined && stored.sequence > durable.deliveredSequence) tally.inFlight += 1;
          else keep(stored, consumer, durable);
        }
      }
    },

    async lookAgain() {
      const left: OpenFact[] = [];
      for (const [service, facts] of Map.groupBy(open.values(), (fact) => fact.service)) {
        const database = databases.get(service);
        const settled = database === undefined ? new Map() : await settledFacts(database, service, facts);
        for (const fact of facts) {
          const state: unknown = settled.get(fact);
          if (state === "parked") tally.inFlight += 1;
          else if (state === undefined) left.push(fact);
        }
      }
      return left;
    },
  };
}
