/** Compares what a contract wants with what a server has. Data in, data out: nothing here talks to a server. */
import type { DurableInfo, StreamInfo } from "@tandem/runtime/admin";
import type { OtherStream } from "../topology.ts";
import { type Allowed, NOTHING_ALLOWED } from "./allow.ts";
import { weigh } from "./danger.ts";
import { type DesiredDurable, type DesiredStream, METADATA } from "./desired.ts";
import { type Drift, driftOfDurable, driftOfStream } from "./drift.ts";
import { fixedOfDurable, fixedOfStream } from "./fixed.ts";

/** One setting that is not as the contract says. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What a change would do to somebody, and whether the caller allows it. */
export interface WeighedDanger {
  /** What `--allow` takes: `subjects:ORDERS`. */
  readonly allow: string;
  readonly says: string;
  readonly allowed: boolean;
}

/** What somebody set by hand that hurts, and whether the caller knows. */
export interface ToldDrift extends Drift {
  /** What `--allow` takes, for a check that shall pass all the same: `drift:ORDERS.max_bytes`. */
  readonly allow: string;
  readonly allowed: boolean;
}

/** What provisioning does with one stream or durable, or with the contract as a whole. */
export interface Change {
  readonly resource: "contract" | "stream" | "durable";
  /** The contract's title, `ORDERS`, or `ORDERS/inventory-orderCreated-v1`. */
  readonly name: string;
  /**
   * - `create`, `update`: not as the contract says; provisioning makes it so
   * - `unchanged`: as the contract says
   * - `refused`: cannot be made so, or not unless it is allowed, for `reason`
   * - `unknown`: on the server and not in the contract; left alone
   */
  readonly kind: "create" | "update" | "unchanged" | "refused" | "unknown";
  readonly fields: readonly FieldChange[];
  readonly reason?: string;
  /** Stored messages that a new durable is given first. Absent when there are none. */
  readonly backlog?: number;
  /** What an update could do to somebody. Absent when that is nothing. */
  readonly dangers?: readonly WeighedDanger[];
  /** What the contract does not decide, is left alone, and hurts. Absent when there is nothing of that kind. */
  readonly drift?: readonly ToldDrift[];
}

/** What an update could do to messages and people has to be asked of the server: see `streamDangers`. */
export function planStream(
  desired: DesiredStream,
  running: StreamInfo | undefined,
  allowed: Allowed = NOTHING_ALLOWED,
): Change {
  const { name } = desired;
  if (!running) return { resource: "stream", name, kind: "create", fields: [] };
  const { replicas, ...others } = desired.settings;
  const settings = desired.shared === true ? others : { ...others, replicas };
  const fields = changedFields(settings, running.settings);
  const change = changeOf("stream", name, fields, fixedOfStream(name, fields, running));
  const owned = ownedBySomebody(change, desired.settings.metadata, running.settings.metadata, allowed);
  return withDrift(owned, driftOfStream(running), allowed);
}

/** What keeps a durable from a stream of another contract; undefined when nothing does. The stream itself is not touched. */
export function planOther({ name, contract }: OtherStream, running: StreamInfo | undefined): Change | undefined {
  if (running === undefined) {
    const reason = `it is not on this server: the contract "${contract}" owns it, and has to be provisioned first`;
    return refused("stream", name, [], reason);
  }
  const owner = running.settings.metadata[METADATA.contract];
  if (owner === undefined || owner === contract) return undefined;
  return refused("stream", name, [], `it belongs to the contract "${owner}", and not to "${contract}"`);
}

/** As `planStream`; see `durableDangers`. */
export function planDurable(
  desired: DesiredDurable,
  running: DurableInfo | undefined,
  allowed: Allowed = NOTHING_ALLOWED,
): Change {
  const name = `${desired.stream}/${desired.name}`;
  if (!running) return { resource: "durable", name, kind: "create", fields: [] };
  const fields = changedFields(desired.settings, running.settings);
  const change = changeOf("durable", name, fields, fixedOfDurable(running, fields));
  const owned = ownedBySomebody(change, desired.settings.metadata, running.settings.metadata, allowed);
  return withDrift(owned, driftOfDurable(running), allowed);
}

/** What becomes of something that is there; refused where a reason says that it cannot be changed. */
function changeOf(
  resource: Change["resource"],
  name: string,
  fields: readonly FieldChange[],
  reason: string | undefined,
): Change {
  if (reason !== undefined) return refused(resource, name, fields, reason);
  return { resource, name, kind: fields.length === 0 ? "unchanged" : "update", fields };
}

type Metadata = Readonly<Record<string, string>>;

/** Whose it is comes before what it is like. A stream that says nothing is made by hand, and becomes the contract's. */
function ownedBySomebody(change: Change, wanted: Metadata, running: Metadata, allowed: Allowed): Change {
  const owner = running[METADATA.contract];
  if (owner === undefined || owner === wanted[METADATA.contract]) return change;
  const shared = change.resource === "stream" ? "a stream" : "a durable";
  const says =
    `it belongs to the contract "${owner}"; two systems cannot share ${shared}. ` +
    `Give this one another name; only when "${owner}" is what this contract was called before, it may be taken over.`;
  const weighed = weigh(change, [{ kind: "contract", says }], allowed);
  return weighed.kind === "refused" && change.kind !== "refused" ? { ...weighed, fields: [] } : weighed;
}

function withDrift(change: Change, drift: readonly Drift[], allowed: Allowed): Change {
  if (drift.length === 0) return change;
  const told = drift.map((one) => {
    const where = `${change.name}.${one.setting}`;
    return { ...one, allow: `drift:${where}`, allowed: allowed.permits("drift", where) };
  });
  return { ...change, drift: told };
}

/** Streams that carry the name of the contract and are no longer in it. */
export function planUnknownStreams(
  contract: string,
  desired: readonly DesiredStream[],
  running: readonly StreamInfo[],
): readonly Change[] {
  const wanted = new Set(desired.map(({ name }) => name));
  return running
    .filter(({ name, settings }) => settings.metadata[METADATA.contract] === contract && !wanted.has(name))
    .map(({ name, messages }) => {
      const reason = `it was the contract's, which names it no more, and holds ${messages} messages; it is left alone. Remove it by hand when nobody needs them (nats stream rm ${name})`;
      return { resource: "stream", name, kind: "unknown", fields: [], reason };
    });
}

/** Durables of the server that no contract line asks for. Short-lived consumers of readers are not counted. */
export function planUnknown(
  contract: string,
  desired: readonly DesiredDurable[],
  running: readonly DurableInfo[],
): readonly Change[] {
  const wanted = new Set(desired.map(({ stream, name }) => `${stream}/${name}`));
  return running
    .filter(({ durable, stream, name }) => durable && !wanted.has(`${stream}/${name}`))
    .map(({ stream, name, settings, waitingPulls }) => {
      const by = settings.metadata[METADATA.contract];
      const reason =
        by === undefined || by === contract
          ? `it is on the server and not in the contract; it is left alone. ${waitingPulls > 0 ? "Somebody reads it" : "Nobody reads it now"}; remove it by hand when nobody needs it (nats consumer rm ${stream} ${name})`
          : `the contract "${by}" reads the stream with it; it is left alone`;
      return { resource: "durable", name: `${stream}/${name}`, kind: "unknown", fields: [], reason };
    });
}

/** The settings that differ; only what is desired is looked at. Lists of subjects are sets. */
export function changedFields(desired: object, running: object): readonly FieldChange[] {
  const has = new Map<string, unknown>(Object.entries(running));
  return Object.entries(desired)
    .map(([field, to]: [string, unknown]) => ({ field, from: has.get(field), to }))
    .filter(({ from, to }) => !holds(from, to));
}

function refused(resource: Change["resource"], name: string, fields: readonly FieldChange[], reason: string): Change {
  return { resource, name, kind: "refused", fields, reason };
}

/** Whether a running value is what is desired; an object may hold more than is desired (the server's own metadata). */
function holds(running: unknown, desired: unknown): boolean {
  if (Array.isArray(desired)) {
    return (
      Array.isArray(running) && running.length === desired.length && desired.every((member) => running.includes(member))
    );
  }
  if (typeof desired === "object" && desired !== null) {
    return typeof running === "object" && running !== null && changedFields(desired, running).length === 0;
  }
  return Object.is(running, desired);
}
