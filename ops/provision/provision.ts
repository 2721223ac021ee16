/** Makes the streams and durables of a server equal to the contract. */
import { type Admin, openAdmin } from "@tandem/runtime/admin";
import { OpsError } from "../error.ts";
import { chooseServer, type Topology } from "../topology.ts";
import { type DesiredDurable, type DesiredStream, desiredDurables, desiredStreams } from "./desired.ts";
import { ownStreams, stewardDurable } from "./own-streams.ts";
import { type Change, changedFields, planDurable, planOther, planStream, planUnknown } from "./plan.ts";

export interface ProvisionOptions {
  readonly natsUrl: string;
  /** The key of the contract's server whose replicas and batches apply; see `chooseServer`. */
  readonly server?: string | undefined;
  /** Plans only. */
  readonly dryRun?: boolean;
}

export interface Provisioned {
  /** The key of the contract's server. */
  readonly server: string;
  /** The address that answered. */
  readonly address: string;
  /** Streams first, then durables, as the topology orders them; then what only the server has. */
  readonly changes: readonly Change[];
}

/**
 * Plans, and unless it is a dry run applies. Idempotent: a second run changes nothing. Never removes a
 * stream, a durable or a message. When one change is refused nothing is applied.
 *
 * @throws OpsError when a change is refused, or when the server did not take a setting over
 */
export async function provision(topology: Topology, options: ProvisionOptions): Promise<Provisioned> {
  const server = chooseServer(topology, options.server);
  const admin = await openAdmin({ servers: options.natsUrl.split(","), name: "tandem provision" });
  try {
    const plan = await planAll(admin, topology, server);
    const changes = plan.map(({ change }) => change);
    const refused = changes.filter(({ kind }) => kind === "refused");
    if (refused.length > 0 && !options.dryRun) {
      const list = refused.map(({ resource, name, reason }) => `${resource} ${name}: ${reason}`).join("; ");
      throw new OpsError(`Nothing was changed, because not everything can be: ${list}.`);
    }
    if (!options.dryRun) for (const { change, apply } of plan) await apply(change);
    return { server, address: admin.server.address, changes };
  } finally {
    await admin.close();
  }
}

interface Planned {
  readonly change: Change;
  readonly apply: (change: Change) => Promise<void>;
}

async function planAll(admin: Admin, topology: Topology, server: string): Promise<readonly Planned[]> {
  const plan: Planned[] = [];
  const running = new Map((await admin.streams()).map((stream) => [stream.name, stream]));
  for (const desired of [...desiredStreams(topology, server), ...ownStreams(topology, server)]) {
    const change = planStream(desired, running.get(desired.name));
    plan.push({ change, apply: ({ kind }) => applyStream(admin, desired, kind) });
  }
  const durables = desiredDurables(topology);
  const steward = stewardDurable(topology);
  const known = running.has(steward.stream) ? await admin.durable(steward.stream, steward.name) : undefined;
  plan.push({ change: planDurable(steward, known), apply: ({ kind }) => applyDurable(admin, steward, kind) });
  const others = topology.otherStreams ?? [];
  for (const other of others) {
    const change = planOther(other, running.get(other.name));
    if (change !== undefined) plan.push({ change, apply: async () => {} });
  }
  for (const stream of [...topology.streams, ...others]) {
    const there = running.has(stream.name) ? await admin.durables(stream.name) : [];
    const wanted = durables.filter((durable) => durable.stream === stream.name);
    for (const desired of wanted) {
      const change = planDurable(
        desired,
        there.find(({ name }) => name === desired.name),
      );
      plan.push({
        change: running.has(stream.name) ? await withBacklog(admin, desired, change) : change,
        apply: ({ kind }) => applyDurable(admin, desired, kind),
      });
    }
    // What else reads a stream of another contract is the other's affair.
    if (others.some(({ name }) => name === stream.name)) continue;
    for (const change of planUnknown(topology.contract, wanted, there)) plan.push({ change, apply: async () => {} });
  }
  return plan;
}

/** A new durable begins with everything that is stored: who makes it shall know how much that is. */
async function withBacklog(admin: Admin, { stream, settings }: DesiredDurable, change: Change): Promise<Change> {
  if (change.kind !== "create") return change;
  let backlog = 0;
  for (const subject of settings.filterSubjects) backlog += await admin.countMessages(stream, subject);
  return backlog === 0 ? change : { ...change, backlog };
}

async function applyStream(admin: Admin, { name, settings }: DesiredStream, kind: Change["kind"]): Promise<void> {
  if (kind !== "create" && kind !== "update") return;
  const made = kind === "create" ? await admin.createStream(name, settings) : await admin.updateStream(name, settings);
  assertTaken(`stream ${name}`, settings, made.settings);
}

async function applyDurable(
  admin: Admin,
  { stream, name, settings }: DesiredDurable,
  kind: Change["kind"],
): Promise<void> {
  if (kind !== "create" && kind !== "update") return;
  const made =
    kind === "create"
      ? await admin.createDurable(stream, name, settings)
      : await admin.updateDurable(stream, name, settings);
  assertTaken(`durable ${stream}/${name}`, settings, made.settings);
}

// A server drops what it does not know without a word, so its answer is compared with what was asked.
function assertTaken(what: string, asked: object, answered: object): void {
  const dropped = changedFields(asked, answered).map(({ field }) => field);
  if (dropped.length === 0) return;
  throw new OpsError(
    `The server did not take over ${dropped.join(", ")} of ${what}. It is too old or does not allow it: nats-server 2.12.1 or newer is needed.`,
  );
}
