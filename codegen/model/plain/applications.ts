/** The operations on channels that are no events, by the service that performs them. */
import { compareText } from "../../diagnostic.ts";
import type { Contract, MessageUse, OperationSpec, Said } from "../../spec/contract.ts";
import type { Pointer } from "../../spec/pointer.ts";
import type { Application, Channel, Message, Operation } from "../model.ts";
import { type Names, receivesTypeOf, sendsTypeOf } from "../names.ts";

/** What the operations speak of, by its place. */
export interface Vocabulary {
  readonly messages: ReadonlyMap<Pointer, Message>;
  readonly channels: ReadonlyMap<Pointer, Channel>;
}

/**
 * Every service that performs such an operation.
 * @param only The service that performs all of them, in a document that names none.
 */
export function buildApplications(
  contract: Contract,
  vocabulary: Vocabulary,
  only: string | undefined,
  names: Names,
): readonly Application[] {
  const plain = contract.operations.filter(({ channel }) => vocabulary.channels.has(channel.at));
  const byService = Map.groupBy(plain, ({ service }) => only ?? service?.value ?? "");
  return [...byService]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([service, operations]) => {
      const [first] = operations;
      const at = first?.service?.at ?? "/info/title";
      const what = `the service ${service}`;
      return {
        service,
        file: names.fileName("file in operations/", service, at, what),
        receivesType: names.typeName([receivesTypeOf(service), `${service} receives all`], at, what, "a service"),
        sendsType: names.typeName([sendsTypeOf(service), `${service} sends all`], at, what, "a service"),
        operations: operations
          .toSorted((a, b) => compareText(a.at, b.at))
          .map((operation) => buildOperation(operation, service, vocabulary, names))
          .toSorted((a, b) => compareText(a.constName, b.constName)),
      };
    });
}

function buildOperation(
  { key, at, action, summary, channel, messages, reply }: OperationSpec,
  service: string,
  vocabulary: Vocabulary,
  names: Names,
): Operation {
  const on = vocabulary.channels.get(channel.at);
  if (on === undefined) throw new Error(`${key} is on a channel that the model does not have`);
  return {
    key,
    constName: names.valueName(
      `value in operations/${service}`,
      [key, `${key} operation`],
      at,
      `the operation ${key}`,
      "an operation",
    ),
    pointer: at,
    action,
    summary,
    channel: on,
    messages: listed(messages, vocabulary),
    reply: reply && {
      channel: reply.channel && vocabulary.channels.get(reply.channel.at),
      messages: listed(reply.messages, vocabulary),
    },
  };
}

function listed(uses: readonly Said<MessageUse>[], { messages }: Vocabulary): readonly Message[] {
  const found = uses.flatMap(({ value }) => messages.get(value.message.at) ?? []);
  return [...new Set(found)].toSorted((a, b) => compareText(a.typeName, b.typeName));
}
