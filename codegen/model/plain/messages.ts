/** Messages that are no version of an event. */
import { compareText } from "../../diagnostic.ts";
import type { ChannelSpec, Contract, MessageSpec } from "../../spec/contract.ts";
import type { Node } from "../../spec/node.ts";
import type { Pointer } from "../../spec/pointer.ts";
import type { Report } from "../../spec/report.ts";
import { channelsOf } from "../../spec/roles.ts";
import { buildExamples, descriptionOf } from "../events.ts";
import type { Example, Message, NamedSchema } from "../model.ts";
import { constNameOf, headersTypeOf, type Names, versionOfAddress } from "../names.ts";
import type { Schemas } from "../schemas.ts";
import { sensitivePointers } from "../sensitive.ts";

/** A message with the first channel that carries it; undefined for one that none does. */
interface Carried {
  readonly message: MessageSpec;
  readonly channel: ChannelSpec | undefined;
}

/** Every message that is no version of an event, in the order of their places. */
export function plainMessages(contract: Contract): readonly Carried[] {
  const channels = channelsOf(contract, "plain").toSorted((a, b) => compareText(a.at, b.at));
  const found = new Map<Pointer, Carried>();
  for (const channel of channels) {
    for (const { message } of channel.messages) {
      if (!found.has(message.at)) found.set(message.at, { message, channel });
    }
  }
  // What a contract of ours names and does not use is its own affair.
  const spare = contract.ours ? [] : contract.spareMessages;
  for (const message of spare) if (!found.has(message.at)) found.set(message.at, { message, channel: undefined });
  return [...found.values()].toSorted((a, b) => compareText(a.message.at, b.message.at));
}

/** The messages by their places. */
export function buildMessages(
  contract: Contract,
  schemas: Schemas,
  names: Names,
  report: Report,
): ReadonlyMap<Pointer, Message> {
  const messages = plainMessages(contract);
  const sameName = Map.groupBy(messages, ({ message }) => names.typeNameFrom(message.key));
  return new Map(
    messages.map((carried) => {
      const isAlone = sameName.get(names.typeNameFrom(carried.message.key))?.length === 1;
      return [carried.message.at, buildMessage(carried, isAlone, contract, schemas, names, report)];
    }),
  );
}

function buildMessage(
  { message, channel }: Carried,
  isAlone: boolean,
  { ours }: Contract,
  schemas: Schemas,
  names: Names,
  report: Report,
): Message {
  const { key, at, payload, headers } = message;
  const what = `the message ${key}`;
  const version = versionOfAddress(channel?.address?.value ?? "");
  const shared = payload === undefined ? undefined : schemas.sharedName(payload);
  const own = names.typeNameFrom(key);
  const inChannel = `${channel?.key ?? ""} ${key}`;
  const typeName =
    // A message that is called like its schema has the type of its schema.
    shared === own && !ours
      ? own
      : names.typeName(
          [
            key,
            ...(version === undefined ? [] : [`${key} v${version}`]),
            // Several messages of one name are told apart by their channels, a message and its schema by what they are.
            ...(isAlone ? [`${key} message`, inChannel] : [inChannel, `${key} message`]),
          ],
          at,
          what,
          "a message",
        );
  const constName = names.valueName(
    "value in messages/",
    [ours ? constNameOf(typeName) : typeName, `${typeName} message`],
    at,
    what,
    "a message",
  );
  return {
    key,
    typeName,
    constName,
    file: names.fileName("file in messages/", typeName, at, what),
    pointer: at,
    version: message.version?.number.value ?? version ?? 1,
    contentType: message.contentType,
    description: message.description ?? message.summary ?? descriptionOf(payload?.value),
    deprecated: message.deprecated,
    body: payload && named(payload, typeName, buildExamples(message.examples), schemas),
    headers:
      headers &&
      named(
        headers,
        names.typeName(
          [headersTypeOf(typeName), `${typeName} message headers`],
          headers.at,
          `the headers of ${key}`,
          "headers",
        ),
        headerExamples(message),
        schemas,
      ),
    // The mark is one of ours.
    sensitive: ours && payload !== undefined ? sensitivePointers(payload, report) : [],
  };
}

function named(node: Node, typeName: string, examples: readonly Example[], schemas: Schemas): NamedSchema {
  return { typeName, pointer: node.at, schema: schemas.of(node), examples };
}

function headerExamples({ examples }: MessageSpec): readonly Example[] {
  return examples.flatMap(({ at, name, headers }) =>
    headers === undefined ? [] : [{ pointer: at, name, payload: headers.value }],
  );
}
