/** Leaves of the events of other documents what the contract reads of them. */
import type { ChannelSpec, Contract, MessageUse, OperationSpec, OwnedVersionSpec } from "./contract.ts";
import { isPublished } from "./roles.ts";

/**
 * The contract with the versions of others' events that its operations list, and those between: a reader takes no part
 * in the rest. Events that it does not read are gone.
 */
export function onlyWhatIsRead(contract: Contract): Contract {
  const kept = new Map<ChannelSpec, ChannelSpec | undefined>();
  for (const channel of contract.channels) {
    if (channel.owner === undefined || channel.event === undefined) continue;
    kept.set(channel, narrowed(channel, contract.operations));
  }
  if (kept.size === 0) return contract;
  const operations = contract.operations.map((operation) => {
    return { ...operation, channel: kept.get(operation.channel) ?? operation.channel };
  });
  return {
    ...contract,
    channels: contract.channels.flatMap((channel) => (kept.has(channel) ? (kept.get(channel) ?? []) : [channel])),
    operations,
  };
}

function narrowed(channel: ChannelSpec, operations: readonly OperationSpec[]): ChannelSpec | undefined {
  const read = operations.filter((operation) => operation.channel === channel);
  const listed = read.flatMap(({ messages }) => messages.map(({ value }) => numberOf(value)));
  if (listed.length === 0 || channel.event === undefined) return undefined;
  const [oldest, newest] = [Math.min(...listed), Math.max(...listed)];
  const messages = channel.messages
    .filter((use) => numberOf(use) >= oldest && numberOf(use) <= newest)
    .map((use) => (numberOf(use) > oldest ? use : withoutEvolution(use)));
  const owner = channel.owner && { ...channel.owner, versions: versionsOf(channel) };
  return { ...channel, owner, messages, event: { ...channel.event, writes: writtenOf(channel, messages) } };
}

function versionsOf(channel: ChannelSpec): OwnedVersionSpec[] {
  return channel.messages
    .map(({ key, message: { version } }) => {
      const { state = "current", sunset } = version ?? {};
      return { key, number: version?.number.value ?? 1, state, sunset: sunset?.value };
    })
    .toSorted((a, b) => b.number - a.number);
}

/** The version before is not read, so nothing becomes this one. */
function withoutEvolution(use: MessageUse): MessageUse {
  return { ...use, message: { ...use.message, evolution: undefined, evolvesFrom: undefined } };
}

/** What tests publish: the version that the owner writes, or the newest that is read. */
function writtenOf({ event, at }: ChannelSpec, messages: readonly MessageUse[]): { value: number; at: string } {
  const numbers = messages.map(numberOf);
  const said = event?.writes;
  if (said !== undefined && numbers.includes(said.value)) return said;
  const published = messages.filter(isPublished).map(numberOf);
  return { value: Math.max(...(published.length > 0 ? published : numbers)), at };
}

function numberOf({ message }: MessageUse): number {
  return message.version?.number.value ?? 1;
}
