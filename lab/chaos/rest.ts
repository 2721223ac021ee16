/** Whether a fleet has come to rest: nothing is on its way any more. */
import { setTimeout as delay } from "node:timers/promises";
import { countParked, openStore } from "@tandem/runtime/admin";
import { servicesOf } from "../../ops/topology.ts";
import { queryOnce } from "../servers/postgres-database.ts";
import type { Fleet } from "./fleet/fleet.ts";

const POLL_MS = 500;
const WORDS = 200;

/** What is still on its way, in words; nothing when the fleet is at rest. */
export async function whatMoves(fleet: Fleet): Promise<readonly string[]> {
  const { databaseUrl, topology, withAdmin } = fleet;
  const services = servicesOf(topology);
  const moving: string[] = [];
  const count = (words: string, number: number): void => {
    if (number > 0) moving.push(`${number} ${words}`);
  };
  for (const service of services) {
    const [row] = await queryOnce(databaseUrl, `select count(*) as rows from "${service}".tandem_outbox`);
    count(`rows in the outbox of ${service}`, Number(row?.["rows"]));
  }
  const [undecided] = await queryOnce(
    databaseUrl,
    `select count(*) as orders from "order".orders where stage in ('accepted', 'payable')`,
  );
  count("orders that are undecided", Number(undecided?.["orders"]));
  const store = openStore(databaseUrl, { readOnly: true });
  try {
    for (const service of services) {
      for (const { event, parked } of await countParked(store.of(service), service))
        count(`${event} parked at ${service}`, parked);
    }
  } finally {
    await store.close();
  }
  await withAdmin(async (admin) => {
    for (const { name } of topology.streams) {
      for (const { name: durable, pending, ackPending } of await admin.durables(name)) {
        count(`messages to ${durable}`, pending);
        count(`messages in the hands of ${durable}`, ackPending);
      }
    }
  });
  return moving;
}

/** Waits until a fleet is at rest. Answers what still moves at the limit. */
export async function untilRest(fleet: Fleet, limitMs: number, signal: AbortSignal): Promise<readonly string[]> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    // Leaders may change for a while longer: what does not answer moves.
    const moving = await whatMoves(fleet).catch((error: unknown) => [String(error).slice(0, WORDS)]);
    if (moving.length === 0 || Date.now() > deadline || signal.aborted) return moving;
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}
