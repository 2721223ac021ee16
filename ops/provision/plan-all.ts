/** Looks at a server, and plans what makes it equal to the contract. Changes nothing. */
import type { Admin, DurableInfo } from "@tandem/runtime/admin";
import type { Topology } from "../topology.ts";
import type { Allowed } from "./allow.ts";
import { planVersion } from "./contract-version.ts";
import { weigh } from "./danger.ts";
import { type DesiredDurable, type DesiredStream, desiredDurables, desiredStreams } from "./desired.ts";
import { durableDangers } from "./durable-dangers.ts";
import { applyOrder, findOverlaps } from "./overlaps.ts";
import { ownStreams, stewardDurable } from "./own-streams.ts";
import { type Change, planDurable, planOther, planStream, planUnknown, planUnknownStreams } from "./plan.ts";
import { streamDangers } from "./stream-dangers.ts";

/** One change, with what it is made of. */
export interface Planned {
  readonly change: Change;
  readonly stream?: DesiredStream;
  readonly durable?: DesiredDurable;
  /** The durable as it is. */
  readonly before?: DurableInfo;
}

/** What to look for, and what may be done. */
export interface PlanOptions {
  readonly topology: Topology;
  /** The key of the contract's server. */
  readonly server: string;
  readonly allowed: Allowed;
}

/** Streams first, in the order in which they can be changed, then durables; then what only the server has. */
export async function planAll(admin: Admin, { topology, server, allowed }: PlanOptions): Promise<readonly Planned[]> {
  const streams = await admin.streams();
  const running = new Map(streams.map((stream) => [stream.name, stream]));
  const desired = applyOrder([...desiredStreams(topology, server), ...ownStreams(topology, server)], running);
  const overlaps = findOverlaps(desired, running);
  const plan: Planned[] = [];
  for (const stream of desired) {
    const there = running.get(stream.name);
    const change = planStream(stream, there, allowed);
    const reason = overlaps.get(stream.name);
    if (reason !== undefined) plan.push({ change: { ...change, kind: "refused", reason } });
    else if (there === undefined || change.kind !== "update") plan.push({ change, stream });
    else plan.push({ change: weigh(change, await streamDangers(admin, stream, there, topology), allowed), stream });
  }

  const steward = stewardDurable(topology);
  const others = topology.otherStreams ?? [];
  const stewardThere = running.has(steward.stream) ? await admin.durable(steward.stream, steward.name) : undefined;
  const version = planVersion(topology, [...streams, ...(stewardThere ? [stewardThere] : [])], allowed);
  if (version !== undefined) plan.unshift({ change: version });
  plan.push(await plannedDurable(admin, steward, stewardThere, allowed));
  for (const other of others) {
    const change = planOther(other, running.get(other.name));
    if (change !== undefined) plan.push({ change });
  }

  const durables = desiredDurables(topology);
  for (const stream of [...topology.streams, ...others]) {
    const there = running.has(stream.name) ? await admin.durables(stream.name) : [];
    const wanted = durables.filter((durable) => durable.stream === stream.name);
    for (const durable of wanted) {
      const before = there.find(({ name }) => name === durable.name);
      const planned = await plannedDurable(admin, durable, before, allowed);
      plan.push(running.has(stream.name) ? await withBacklog(admin, planned, durable) : planned);
    }
    // What else reads a stream of another contract is the other's affair.
    if (others.some(({ name }) => name === stream.name)) continue;
    for (const change of planUnknown(topology.contract, wanted, there)) plan.push({ change });
  }
  for (const change of planUnknownStreams(topology.contract, desired, streams)) plan.push({ change });
  return plan;
}

async function plannedDurable(
  admin: Admin,
  durable: DesiredDurable,
  before: DurableInfo | undefined,
  allowed: Allowed,
): Promise<Planned> {
  const change = planDurable(durable, before, allowed);
  if (before === undefined) return { change, durable };
  if (change.kind !== "update") return { change, durable, before };
  return { change: weigh(change, await durableDangers(admin, durable, before), allowed), durable, before };
}

/** A new durable begins with everything that is stored: who makes it shall know how much that is. */
async function withBacklog(admin: Admin, planned: Planned, { stream, settings }: DesiredDurable): Promise<Planned> {
  if (planned.change.kind !== "create") return planned;
  let backlog = 0;
  for (const subject of settings.filterSubjects) backlog += await admin.countMessages(stream, subject);
  return backlog === 0 ? planned : { ...planned, change: { ...planned.change, backlog } };
}
