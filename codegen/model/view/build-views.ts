/** The contract as each service sees it. */
import { compareText } from "../../diagnostic.ts";
import type { ChannelSpec, Contract, MessageUse, OperationSpec, ReplySpec } from "../../spec/contract.ts";
import { type Role, rolesOf } from "../../spec/roles.ts";
import type { Model } from "../model.ts";
import { fileNameOf, serviceNameFrom } from "../names.ts";
import type { Schemas } from "../schemas.ts";
import { buildViewChannel } from "./view-channel.ts";
import { ViewMessages } from "./view-messages.ts";
import type { View, ViewChannel, ViewOperation } from "./view.ts";

/** What has its names already. */
export type Named = Pick<Model, "events" | "messages" | "channels" | "applications">;

/** The view of every service, sorted by service. A document of others is itself the view of one. */
export function buildViews(contract: Contract, schemas: Schemas, named: Named): readonly View[] {
  const roles = rolesOf(contract);
  const inViews = contract.operations.filter(({ channel }) => IN_VIEWS.has(roles.get(channel) ?? "both"));
  if (!contract.ours) return [buildView(serviceNameFrom(contract.title), inViews, contract, schemas, named)];
  const byService = Map.groupBy(inViews, ({ service }) => service?.value ?? "");
  return [...byService]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([service, operations]) => buildView(service, operations, contract, schemas, named));
}

/** Dead letters are the runtime's: nobody writes code for them. */
const IN_VIEWS: ReadonlySet<Role> = new Set<Role>(["event", "route", "plain"]);

function buildView(
  service: string,
  operations: readonly OperationSpec[],
  contract: Contract,
  schemas: Schemas,
  named: Named,
): View {
  // Keys are given in the order of places, so that the order of the document does not show.
  const inOrder = operations.toSorted((a, b) => compareText(a.at, b.at));
  const messages = new ViewMessages(contract, schemas, named);
  const carried = new Map<ChannelSpec, MessageUse[]>(
    contract.ours ? [] : contract.channels.toSorted((a, b) => compareText(a.at, b.at)).map((one) => [one, []]),
  );
  const carry = (channel: ChannelSpec | undefined, uses: readonly MessageUse[]): void => {
    if (channel !== undefined) carried.set(channel, [...(carried.get(channel) ?? []), ...uses]);
  };
  for (const { channel, messages: sent, reply } of inOrder) {
    carry(
      channel,
      sent.map(({ value }) => value),
    );
    // What is answered at an address of the request travels on a channel that the document may still name.
    for (const { value } of reply?.messages ?? []) carry(reply?.channel ?? channelOf(value, contract), [value]);
    carry(reply?.channel, []);
  }
  const channels = [...carried].map(([channel, uses]): ViewChannel => {
    const all = contract.ours ? uses : channel.messages;
    return buildViewChannel(channel, keysOf(all, messages), contract, channelKey(channel, named));
  });
  return {
    service,
    file: named.applications.find((one) => one.service === service)?.file ?? fileNameOf(service),
    description: contract.tags.find(({ name }) => name === service)?.description,
    channels: channels.toSorted((a, b) => compareText(a.key, b.key)),
    operations: inOrder
      .map((operation) => buildOperation(operation, service, messages, named))
      .toSorted((a, b) => compareText(a.key, b.key)),
    messages: messages.all,
  };
}

function channelOf(use: MessageUse, { channels }: Contract): ChannelSpec | undefined {
  return channels.find(({ messages }) => messages.includes(use));
}

function buildOperation(
  operation: OperationSpec,
  service: string,
  messages: ViewMessages,
  named: Named,
): ViewOperation {
  const { key, at, action, channel, title, summary, description, http, reply } = operation;
  const plain = named.applications
    .find((one) => one.service === service)
    ?.operations.find(({ pointer }) => pointer === at);
  return {
    key: plain?.constName ?? key,
    action,
    channel: channelKey(channel, named),
    title,
    summary: summary === description ? undefined : summary,
    description,
    messages: keysOf(
      operation.messages.map(({ value }) => value),
      messages,
    ),
    method: http?.method?.value,
    reply: reply && buildReply(reply, messages, named),
  };
}

function buildReply(
  { channel, address, messages: answers }: ReplySpec,
  messages: ViewMessages,
  named: Named,
): ViewOperation["reply"] {
  return {
    channel: channel && channelKey(channel, named),
    address,
    messages: keysOf(
      answers.map(({ value }) => value),
      messages,
    ),
  };
}

/** The name of a channel in code, which is also safe in a pointer. */
function channelKey({ key, at }: ChannelSpec, { channels }: Named): string {
  return channels.find(({ pointer }) => pointer === at)?.constName ?? key;
}

function keysOf(uses: readonly MessageUse[], messages: ViewMessages): readonly string[] {
  return [...new Set(uses.map(({ message }) => messages.keyOf(message)))].toSorted(compareText);
}
