/** Compares what a contract wants with what a server has. Data in, data out: nothing here talks to a server. */
import type { DurableInfo, StreamInfo } from "@tandem/runtime/admin";
import type { OtherStream } from "../topology.ts";
import { type DesiredDurable, type DesiredStream, METADATA } from "./desired.ts";

/** One setting that is not as the contract says. */
export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What provisioning does with one stream or durable. */
export interface Change {
  readonly resource: "stream" | "durable";
  /** `ORDERS`, or `ORDERS/inventory-orderCreated-v1`. */
  readonly name: string;
  /**
   * - `create`, `update`: not as the contract says; provisioning makes it so
   * - `unchanged`: as the contract says
   * - `refused`: cannot be made so, for `reason`
   * - `unknown`: on the server and not in the contract; left alone
   */
  readonly kind: "create" | "update" | "unchanged" | "refused" | "unknown";
  readonly fields: readonly FieldChange[];
  readonly reason?: string;
  /** Stored messages that a new durable is given first. Absent when there are none. */
  readonly backlog?: number;
}

/** Settings that a server cannot change on what exists. */
const FIXED: Readonly<Record<Change["resource"], readonly string[]>> = {
  stream: ["retention", "storage"],
  durable: ["deliverFrom"],
};

export function planStream(desired: DesiredStream, running: StreamInfo | undefined): Change {
  if (!running) return { resource: "stream", name: desired.name, kind: "create", fields: [] };
  const owner = running.settings.metadata[METADATA.contract];
  const wanted = desired.settings.metadata[METADATA.contract];
  if (owner !== undefined && owner !== wanted) {
    return refused(
      "stream",
      desired.name,
      [],
      `it belongs to the contract "${owner}"; two systems cannot share a stream`,
    );
  }
  const { replicas, ...others } = desired.settings;
  const settings = desired.shared === true ? others : { ...others, replicas };
  return planExisting("stream", desired.name, settings, running.settings);
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

export function planDurable(desired: DesiredDurable, running: DurableInfo | undefined): Change {
  const name = `${desired.stream}/${desired.name}`;
  if (!running) return { resource: "durable", name, kind: "create", fields: [] };
  return planExisting("durable", name, desired.settings, running.settings);
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
    .map(({ stream, name, settings }) => {
      const by = settings.metadata[METADATA.contract];
      const reason =
        by === undefined || by === contract
          ? "it is on the server and not in the contract; it is left alone"
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

function planExisting(resource: Change["resource"], name: string, desired: object, running: object): Change {
  const fields = changedFields(desired, running);
  const fixed = fields.find(({ field }) => FIXED[resource].includes(field));
  if (fixed) {
    const reason = `${fixed.field} is ${String(fixed.from)} and cannot be changed on an existing ${resource}`;
    return refused(resource, name, fields, reason);
  }
  return { resource, name, kind: fields.length === 0 ? "unchanged" : "update", fields };
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
