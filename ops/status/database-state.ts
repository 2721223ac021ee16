/** What waits in the database of a system: outboxes, and what is parked behind others of its key. */
import { countParked, readBacklog, type OutboxBacklog, type Store, wordsOf } from "@tandem/runtime/admin";
import { servicesOf, type Topology } from "../topology.ts";

/** What waits in the outbox of a service. */
export interface OutboxState extends Partial<OutboxBacklog> {
  readonly service: string;
  /** Why it is not known, in words. */
  readonly problem?: string;
}

/** What of an event waits in the database of a service for the turn of its key. */
export interface ParkedState {
  readonly service: string;
  readonly event: string;
  readonly parked?: number;
  readonly oldestAgeSeconds?: number;
  /** Why it is not known, in words. */
  readonly problem?: string;
}

/** Of every service of a contract. */
export interface DatabaseState {
  readonly outboxes: readonly OutboxState[];
  /** Of each event that is read in the order of its keys. */
  readonly parked: readonly ParkedState[];
}

/** The schemas that there are, or why that is not known. */
type Schemas = readonly string[] | { readonly problem: string };

/** Reads it. What cannot be read says so, and the rest is read all the same. */
export async function readDatabaseState(topology: Topology, store: Store): Promise<DatabaseState> {
  const there: Schemas = await store.schemas().catch(problemOf);
  const [outboxes, parked] = await Promise.all([
    Promise.all(servicesOf(topology).map(async (service) => outboxOf(service, there, store))),
    Promise.all([...orderedEvents(topology)].map(async ([service, events]) => parkedOf(service, events, there, store))),
  ]);
  return { outboxes, parked: parked.flat() };
}

async function outboxOf(service: string, there: Schemas, store: Store): Promise<OutboxState> {
  if ("problem" in there) return { service, ...there };
  if (!there.includes(service)) return { service, problem: "it was never started on this database" };
  return { service, ...(await readBacklog(store.of(service)).catch(problemOf)) };
}

async function parkedOf(
  service: string,
  events: ReadonlySet<string>,
  there: Schemas,
  store: Store,
): Promise<readonly ParkedState[]> {
  const isThere = !("problem" in there) && there.includes(service);
  const counts =
    "problem" in there ? there : isThere ? await countParked(store.of(service), service).catch(problemOf) : [];
  const none = { parked: 0, oldestAgeSeconds: 0 };
  return [...events].map((event) =>
    "problem" in counts
      ? { service, event, ...counts }
      : { service, ...none, ...counts.find((one) => one.event === event), event },
  );
}

/** By service, the events that it takes in the order of their keys. */
function orderedEvents({ consumers }: Topology): ReadonlyMap<string, ReadonlySet<string>> {
  const ordered = new Map<string, Set<string>>();
  for (const { service, event, orderedByKey } of consumers) {
    if (orderedByKey) ordered.set(service, (ordered.get(service) ?? new Set()).add(event));
  }
  return ordered;
}

function problemOf(error: unknown): { readonly problem: string } {
  return { problem: wordsOf(error) };
}
