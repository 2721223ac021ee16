/** A run that stands still although something is on its way: looked for the whole time, and not only at its end. */
import { setTimeout as delay } from "node:timers/promises";
import { servicesOf } from "../../ops/topology.ts";
import { queryOnce } from "../servers/postgres-database.ts";
import type { Fleet } from "./fleet/fleet.ts";
import { whatMoves } from "./rest.ts";
import { dumpStuck } from "./stuck.ts";
import type { Timeline } from "./timeline.ts";

/** Longer than any fault lasts, and the time that the system takes to go on after it. Milliseconds. */
const LIMIT_MS = 60_000;
const POLL_MS = 5_000;

export interface Standstill {
  /**
   * Whether nothing has happened for the limit by now. Says so once for each time that all stands still.
   *
   * @param done how much was done so far; undefined where nobody could tell, which counts as nothing new
   * @param now milliseconds
   */
  at(done: number | undefined, now: number): boolean;
}

/** Counts from `now` on. */
export function createStandstill(limitMs: number, now: number): Standstill {
  let last: number | undefined;
  let since = now;
  let said = false;
  return {
    at(done, now) {
      if (done !== undefined && done !== last) {
        last = done;
        since = now;
        said = false;
      }
      if (said || now - since < limitMs) return false;
      return (said = true);
    },
  };
}

/** Dumps what tells why, each time that a fleet stands still. Resolves when the signal aborted. */
export async function watchStandstill(
  fleet: Fleet,
  directory: string,
  timeline: Timeline,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = Date.now();
  const standstill = createStandstill(LIMIT_MS, startedAt);
  while (!signal.aborted) {
    const done = await whatWasDone(fleet).catch(() => undefined);
    if (standstill.at(done, Date.now())) {
      const moving = await whatMoves(fleet).catch((error: unknown) => [String(error)]);
      if (moving.length > 0 && !signal.aborted) {
        const file = await dumpStuck(fleet, directory, `at-${Math.round((Date.now() - startedAt) / 1_000)}-s`);
        timeline.say(`! nothing was done for ${LIMIT_MS / 1_000} s: ${moving.join(", ")} (${file})`);
      }
    }
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** How many events were applied and orders were decided so far. */
async function whatWasDone({ databaseUrl, topology }: Fleet): Promise<number> {
  const inboxes = servicesOf(topology).map((service) => `(select count(*) from "${service}".tandem_inbox)`);
  const decided = `(select count(*) from "order".orders where stage not in ('accepted', 'payable'))`;
  const [row] = await queryOnce(databaseUrl, `select ${[...inboxes, decided].join(" + ")} as done`);
  return Number(row?.["done"]);
}
