/** Makes the streams and durables of a server equal to the contract. */
import { setTimeout as pause } from "node:timers/promises";
import { type Admin, openAdmin } from "@tandem/runtime/admin";
import { OpsError } from "../error.ts";
import { chooseServer, type Topology } from "../topology.ts";
import { type Allowed, NOTHING_ALLOWED } from "./allow.ts";
import { alone } from "./alone.ts";
import { AUDIT, ownStreams } from "./own-streams.ts";
import type { Change } from "./plan.ts";
import { type Planned, planAll } from "./plan-all.ts";
import { assertPlaceKept, assertTaken } from "./taken.ts";

export interface ProvisionOptions {
  readonly natsUrl: string;
  /** The key of the contract's server whose replicas and batches apply; see `chooseServer`. */
  readonly server?: string | undefined;
  /** Plans only. */
  readonly dryRun?: boolean;
  /** What may be done although it could hurt. Default nothing. */
  readonly allowed?: Allowed;
  /** How long to wait for another provisioner to finish. Default 60,000. */
  readonly patienceMs?: number;
}

export interface Provisioned {
  /** The key of the contract's server. */
  readonly server: string;
  /** The address that answered. */
  readonly address: string;
  /** Streams first, then durables, as the topology orders them; then what only the server has. */
  readonly changes: readonly Change[];
}

const PATIENCE_MS = 60_000;
const LOOKS = 10;
const LOOK_AGAIN_MS = 200;

/**
 * Plans, and unless it is a dry run applies, one provisioner at a time on a server. Idempotent: a second run changes
 * nothing. Never removes a stream, a durable or a message, and never sets a durable back. When one change is refused
 * nothing is applied.
 *
 * @throws UsageError when the contract has no such server
 * @throws OpsError when a change is refused, when another provisioner does not finish, or when the server did not take
 * a setting over
 */
export async function provision(topology: Topology, options: ProvisionOptions): Promise<Provisioned> {
  const { dryRun = false, allowed = NOTHING_ALLOWED, patienceMs = PATIENCE_MS } = options;
  const server = chooseServer(topology, options.server);
  const admin = await openAdmin({ servers: options.natsUrl.split(","), name: "tandem provision" });
  const look = async (): Promise<readonly Planned[]> => planAll(admin, { topology, server, allowed });
  const result = (plan: readonly Planned[]): Provisioned => {
    return { server, address: admin.server.address, changes: plan.map(({ change }) => change) };
  };
  try {
    const plan = await look();
    if (dryRun) return result(plan);
    refuseRefused(plan);
    if (!plan.some(isToDo)) return result(plan);
    const shared = ownStreams(topology, server).find(({ name }) => name === AUDIT);
    if (shared === undefined) throw new Error(`there is no stream ${AUDIT}`);
    await alone(admin, shared, patienceMs, async (stillAlone) => {
      // What another provisioner did meanwhile counts, and may be a reason to do nothing.
      const now = await look();
      refuseRefused(now);
      for (const planned of now.filter(isToDo)) {
        await stillAlone();
        await apply(admin, planned);
      }
      await assertDone(look);
    });
    return result(plan);
  } finally {
    await admin.close();
  }
}

function refuseRefused(plan: readonly Planned[]): void {
  const refused = plan.filter(({ change }) => change.kind === "refused");
  if (refused.length === 0) return;
  const list = refused.map(({ change: { resource, name, reason } }) => `${resource} ${name}: ${reason}`).join("; ");
  throw new OpsError(`Nothing was changed, because not everything can be: ${list}.`);
}

function isToDo({ change: { kind } }: Planned): boolean {
  return kind === "create" || kind === "update";
}

async function apply(admin: Admin, { change, stream, durable, before }: Planned): Promise<void> {
  if (stream !== undefined) {
    const { name, settings, shared } = stream;
    // Whoever made a stream that several contracts share has decided how often it is stored.
    const { replicas: _, ...others } = settings;
    const made =
      change.kind === "create"
        ? await admin.createStream(name, settings)
        : await admin.updateStream(name, shared === true ? others : settings);
    assertTaken(`stream ${name}`, shared === true ? others : settings, made.settings, admin.server);
  }
  if (durable !== undefined) {
    const { stream: of, name, settings } = durable;
    const made =
      change.kind === "create"
        ? await admin.createDurable(of, name, settings)
        : await admin.updateDurable(of, name, settings);
    assertTaken(`durable ${of}/${name}`, settings, made.settings, admin.server);
    if (before !== undefined) assertPlaceKept(before, made);
  }
}

/** In a cluster what was made a moment ago may be missing from the next answer. */
async function assertDone(look: () => Promise<readonly Planned[]>): Promise<void> {
  let open: readonly string[] = [];
  for (let looks = 1; looks <= LOOKS; looks += 1) {
    const plan = await look();
    open = plan.filter((one) => isToDo(one) && one.change.resource !== "contract").map(({ change }) => change.name);
    if (open.length === 0) return;
    await pause(LOOK_AGAIN_MS);
  }
  throw new OpsError(
    `Everything was changed, and ${open.join(", ")} is not as the contract says all the same: something else that is no provisioner changes it. Find out what, and provision again.`,
  );
}
