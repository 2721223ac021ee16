/** Lets letters go: nothing is delivered, and it is written down who said so. */
import { type Admin, discardOf, peekPlace } from "@tandem/runtime/admin";
import { type Decision, notOpen, oneByOne, type Outcome, outcomeOf, perform, watchOthers } from "./act.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Letter } from "./letter.ts";
import { inOrder } from "./replay.ts";
import { needTrail, type Trail } from "./trail.ts";

/**
 * Discards letters. What a consumer that reads in order has parked behind one goes on: it is told.
 *
 * @throws OpsError when there is no audit to write to
 */
export async function discard(
  { admin, catalogue }: { readonly admin: Admin; readonly catalogue: Catalogue },
  letters: readonly Letter[],
  trail: Trail,
  decision: Decision,
): Promise<readonly Outcome[]> {
  await needTrail(admin);
  const faster = watchOthers(admin, trail);
  return oneByOne(inOrder(letters), async (letter) => notOpen(letter, decision) ?? (await discardOne(letter)));

  async function discardOne(letter: Letter): Promise<Outcome> {
    const other = await faster(letter);
    if (other !== undefined) return outcomeOf(letter, "done by another", `${other.kind} by ${other.by} just now`);
    return perform(admin, letter, { kind: "discarded", message: await wordTo(letter) }, decision);
  }

  /** The message to a consumer that waits for the letter; none where nobody waits. */
  async function wordTo({ latest }: Letter): Promise<Parameters<typeof perform>[2]["message"]> {
    const { eventId, key, durable } = latest;
    const consumer = catalogue.consumerOf(latest);
    if (consumer?.orderedByKey !== true || eventId === undefined || key === undefined) return undefined;
    const { stream, replaySubject } = consumer;
    const info = await admin.durable(stream, durable);
    if (info?.settings.filterSubjects.includes(replaySubject) !== true) return undefined;
    const place = peekPlace((await admin.message(latest.stream, latest.sequence))?.headers ?? {});
    return (order) => discardOf(place ?? { eventId, key, sequence: undefined }, replaySubject, order);
  }
}
