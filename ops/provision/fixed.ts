/** What no server changes on what exists, and how to get there all the same. */
import type { DurableInfo, StreamInfo } from "@tandem/runtime/admin";
import type { FieldChange } from "./plan.ts";

/** Why a stream cannot be made as the contract says; undefined when it can. */
export function fixedOfStream(name: string, fields: readonly FieldChange[], running: StreamInfo): string | undefined {
  const byHand =
    `Nothing is lost by leaving it. Either give the stream another name in x-streams, and let readers drain this one; or stop its publishers, ` +
    `wait until its durables have nothing pending (tandem status), save it (nats stream backup ${name} DIR), remove it by hand (nats stream rm ${name}) and provision again`;
  const fixed = fields.find(({ field }) => field === "retention" || field === "storage");
  if (fixed !== undefined) {
    return `${fixed.field} is ${String(fixed.from)} and cannot be changed on an existing stream. ${byHand}`;
  }
  if (fields.length > 0 && running.others?.["sealed"] === true) {
    return `it is sealed: it takes no messages and no changes, for ever. ${byHand}`;
  }
  return undefined;
}

/** Why a durable cannot be made as the contract says; undefined when it can. */
export function fixedOfDurable(
  { stream, name, settings, others = {} }: DurableInfo,
  fields: readonly FieldChange[],
): string | undefined {
  const byHand =
    `To have it as the contract says: stop who reads it, note where it is (nats consumer info ${stream} ${name}), remove it by hand (nats consumer rm ${stream} ${name}) and provision again; ` +
    "the new one begins with everything that is stored, and the inbox of its service drops what was handled";
  if (fields.some(({ field }) => field === "deliverFrom")) {
    return `deliverFrom is ${settings.deliverFrom} and cannot be changed on an existing durable: what it never began with, it never delivers. ${byHand}`;
  }
  const settling = others["ack_policy"];
  if (settling !== undefined) {
    return `its ack policy is ${JSON.stringify(settling)} and cannot be changed on an existing durable: messages are not settled one by one. ${byHand}`;
  }
  if (others["deliver_subject"] !== undefined) {
    return `it pushes to ${JSON.stringify(others["deliver_subject"])}, and services pull; that cannot be changed on an existing durable. ${byHand}`;
  }
  return undefined;
}
