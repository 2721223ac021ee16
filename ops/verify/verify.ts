/** Whether the books of a running system balance. Reads, and changes nothing. */
import { servicesOf } from "../topology.ts";
import { judgeConsumed } from "./consumed.ts";
import { judgeCauses, judgeContents } from "./contents.ts";
import { createDeliveries, readDurables } from "./deliveries.ts";
import type { ServiceSchema, VerifyDependencies } from "./dependencies.ts";
import { judgeOnce, judgeOrder } from "./inboxes.ts";
import { judgeLetters, readLettersNow } from "./letters.ts";
import { judgeOrigins, judgeRows, judgeWaiting } from "./published.ts";
import { askServices } from "./registered.ts";
import { createTallies, verdictsOf, type Report } from "./verdict.ts";
import { walk } from "./walk.ts";

/**
 * Judges every invariant once, while the system runs. What is true only for a moment is told from what is wrong by the
 * order of the looks: where the durables are comes first, then streams and inboxes, the inboxes of what is open again,
 * and the dead letters last. So an event that moves meanwhile is seen where it goes.
 *
 * @throws `BROKER_UNREACHABLE`, `DATABASE_DOWN`; OpsError when a stream does not exist
 */
export async function verify(dependencies: VerifyDependencies): Promise<Report> {
  const { topology, admin, store, graceMs, now, signal } = dependencies;
  const there = await store.schemas();
  const schemas: readonly ServiceSchema[] = servicesOf(topology)
    .filter((service) => there.includes(service))
    .map((service) => ({ service, database: store.of(service) }));
  const tallies = createTallies(dependencies.named);
  const graceFrom = now() - graceMs;
  const deliveries = createDeliveries(topology, schemas, await readDurables(admin, topology), tallies.I7);
  for await (const block of walk(dependencies)) {
    await judgeRows(dependencies, block, tallies);
    await judgeOrigins(block, tallies);
    await judgeCauses(block, schemas, tallies);
    judgeContents(block, tallies);
    await deliveries.see(block.events);
  }
  await judgeWaiting(dependencies, schemas, tallies);
  await judgeOnce(schemas, tallies, signal);
  await judgeOrder(topology, schemas, tallies, signal);
  const open = await deliveries.lookAgain();
  const letters = await readLettersNow(admin, topology);
  judgeConsumed({ topology, open, letters: letters?.letters ?? [], graceFrom }, tallies.I7);
  if (letters !== undefined) judgeLetters(letters, tallies);
  const verdicts = [...verdictsOf(tallies), ...(await askServices(schemas))].toSorted(byNumber);
  return {
    at: new Date(now()).toISOString(),
    contract: topology.contract,
    holds: verdicts.every(({ violations }) => violations === 0),
    verdicts,
  };
}

/** `I2` before `I10`. */
function byNumber(one: { readonly invariant: string }, other: { readonly invariant: string }): number {
  return one.invariant.localeCompare(other.invariant, "en", { numeric: true });
}
