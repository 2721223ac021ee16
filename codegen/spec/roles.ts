/** What each channel is for, and which versions of an event are published. */
import { parametersOf } from "./address.ts";
import type { ChannelSpec, Contract, MessageUse } from "./contract.ts";

/**
 * An event, a place for dead letters, an operation of the HTTP door, or a plain channel: one of which nothing more is
 * known than its messages, such as a request or reply over NATS, or a topic of another broker. `both` is a mistake.
 */
export type Role = "event" | "dead letters" | "route" | "plain" | "both";

/** The role of every channel. A channel on NATS that nothing makes something else is an event, in a contract of ours. */
export function rolesOf(contract: Contract): ReadonlyMap<ChannelSpec, Role> {
  const known = roles.get(contract) ?? findRoles(contract);
  roles.set(contract, known);
  return known;
}

/** Asked for again and again of one contract, which does not change. */
const roles = new WeakMap<Contract, ReadonlyMap<ChannelSpec, Role>>();

function findRoles(contract: Contract): ReadonlyMap<ChannelSpec, Role> {
  if (!contract.ours) return new Map(contract.channels.map((channel) => [channel, "plain"]));
  const deadLetters = new Set(contract.operations.map((operation) => operation.deadLetter?.value));
  const requests = new Set(
    contract.operations
      .filter(({ reply }) => reply !== undefined)
      .flatMap((operation) => [operation.channel, operation.reply?.channel]),
  );
  return new Map(
    contract.channels.map((channel): [ChannelSpec, Role] => {
      if (channel.transport === "http") return [channel, "route"];
      if (channel.transport === "both") return [channel, "both"];
      if (channel.transport === "other") return [channel, "plain"];
      if (channel.event !== undefined) return [channel, "event"];
      if (deadLetters.has(channel) || hasFormOfDeadLetters(channel)) return [channel, "dead letters"];
      return [channel, requests.has(channel) ? "plain" : "event"];
    }),
  );
}

/** Dead letters that nothing names, because what should is missing or mistaken. */
function hasFormOfDeadLetters({ address }: ChannelSpec): boolean {
  return parametersOf(address?.value ?? "").some((parameter) => parameter === "service" || parameter === "event");
}

/** The channels of one role, in the order of the document. */
export function channelsOf(contract: Contract, role: Role): ChannelSpec[] {
  return [...rolesOf(contract)].filter(([, has]) => has === role).map(([channel]) => channel);
}

/** Whether events of this version are published: `current` and `deprecated` ones are. */
export function isPublished(use: MessageUse): boolean {
  return use.message.version?.state === "current" || use.message.version?.state === "deprecated";
}
