/** What changing a durable could do to the messages that it has not settled, and to who reads it. */
import type { DurableInfo } from "@tandem/runtime/admin";
import { filtersOf } from "../subjects.ts";
import type { Danger } from "./danger.ts";
import type { DesiredDurable } from "./desired.ts";
import { messages } from "./in-numbers.ts";
import type { Counting } from "./stream-dangers.ts";

/** The dangers of an update, in the order of its fields. */
export async function durableDangers(
  admin: Counting,
  desired: DesiredDurable,
  running: DurableInfo,
): Promise<readonly Danger[]> {
  return [
    ...(await otherFilters(admin, desired, running)),
    ...fewerDeliveries(desired, running),
    ...newPolicy(desired, running),
  ];
}

async function otherFilters(
  admin: Counting,
  { stream, name, settings }: DesiredDurable,
  running: DurableInfo,
): Promise<readonly Danger[]> {
  const [from, to] = [filtersOf(running), settings.filterSubjects];
  const found: Danger[] = [];
  for (const subject of from.filter((filter) => !to.includes(filter))) {
    const open = await admin.countMessages(stream, subject, { from: running.settledSequence + 1 });
    const still = await countOf(admin, stream, to, subject, running.settledSequence + 1);
    if (open <= still) continue;
    const says =
      `${name} would no longer read ${subject}, of which ${messages(open - still)} lie behind its place: nobody would handle those that were not delivered yet. ` +
      "Let it handle them first, or read what is left with a durable of another name.";
    found.push({ kind: "filters", says });
  }
  for (const subject of to.filter((filter) => !from.includes(filter) && !from.includes(">"))) {
    const passed =
      (await admin.countMessages(stream, subject)) -
      (await admin.countMessages(stream, subject, { from: running.deliveredSequence + 1 }));
    if (passed <= 0) continue;
    const says =
      `${name} would also read ${subject}, and ${messages(passed)} of it lie before its place: it never goes back, so nobody would handle them. ` +
      "Read them with a durable of another name.";
    found.push({ kind: "filters", says });
  }
  return found;
}

/** Of a filter that is taken away: what the filters that stay cover. Ours never overlap, so only the whole stream does. */
async function countOf(
  admin: Counting,
  stream: string,
  filters: readonly string[],
  removed: string,
  from: number,
): Promise<number> {
  if (removed !== ">") return 0;
  let count = 0;
  for (const filter of filters) count += await admin.countMessages(stream, filter, { from });
  return count;
}

function fewerDeliveries({ name, settings: { maxDeliver } }: DesiredDurable, running: DurableInfo): readonly Danger[] {
  const from = running.settings.maxDeliver;
  const lowered = maxDeliver >= 0 && (from < 0 || maxDeliver < from);
  if (!lowered || running.redelivered === 0) return [];
  const says =
    `${name} would deliver a message ${maxDeliver} times at most instead of ${from < 0 ? "any number of times" : from}, and has delivered ${messages(running.redelivered)} more than once: ` +
    "the server gives up what is over the new limit, without a dead letter. Wait until nothing is in hand.";
  return [{ kind: "max-deliver", says }];
}

/** Where there was none. From one policy to another, readers follow by themselves; and without one, what they say of it is ignored. */
function newPolicy({ name, settings: { priority } }: DesiredDurable, running: DurableInfo): readonly Danger[] {
  if (priority === null || running.settings.priority !== null || running.waitingPulls === 0) return [];
  const says =
    `${name} would get the priority policy ${priority.policy}, and somebody reads it: the server refuses readers that say no group, as every release made before does, and they read nothing until they are replaced. ` +
    "Deploy the release of its service that knows the policy first; it reads a durable without one as well.";
  return [{ kind: "priority", says }];
}
