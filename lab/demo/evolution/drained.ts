/** Who still reads the version that is on its way out. */
import type { Admin } from "@tandem/runtime/admin";
import type { Reader } from "./reader.ts";
import { until } from "./wait.ts";

/**
 * Removes a durable that nobody pulls from, once all that it would still deliver has come by v2 as well.
 *
 * @returns The evidence, as a sentence
 */
export async function removeDrained(
  admin: Admin,
  stream: string,
  name: string,
  v1: Reader,
  v2: Reader,
): Promise<string> {
  const look = async () => {
    const durable = await admin.durable(stream, name);
    if (durable === undefined) throw new Error(`The durable ${name} is gone already.`);
    // What was delivered and not settled would come again: a message may be on its way to a process that stops.
    const left = [...v1.facts].filter(([, { sequence }]) => sequence > durable.settledSequence);
    const missing = left.filter(([id]) => !v2.facts.has(id));
    return { pulls: durable.waitingPulls, left: left.length, missing: missing.length };
  };
  let found = await look();
  await until(
    async () => {
      found = await look();
      return found.pulls + found.missing === 0;
    },
    () => `${name}: ${found.pulls} pulls wait, ${found.missing} facts did not come by v2`,
  );
  await admin.deleteDurable(stream, name);
  return `removed ${stream}/${name}: no pull waited, and what it had not settled, ${found.left} facts, came by v2 too`;
}

/** The names of those who read a subject without belonging to a service: the demo's own readers. */
export async function witnessesOf(admin: Admin, stream: string, subject: string): Promise<readonly string[]> {
  const readers = await admin.durables(stream);
  return readers
    .filter(({ durable, settings }) => !durable && settings.filterSubjects.includes(subject))
    .map(({ name }) => name);
}
