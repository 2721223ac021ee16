/** Events and their versions. */
import { compareText } from "../diagnostic.ts";
import type { Acknowledgement, ChannelSpec, Contract, ExampleSpec, MessageSpec, MessageUse } from "../spec/contract.ts";
import { own } from "../spec/json.ts";
import { literals, propertyOf } from "../spec/properties.ts";
import { shownFile } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";
import { channelsOf, isPublished } from "../spec/roles.ts";
import type { Evolution } from "./evolution.ts";
import { buildEvolution } from "./evolutions.ts";
import type { Event, EventVersion, Example } from "./model.ts";
import type { EventOwner } from "./owner.ts";
import { constNameOf, eventNameOf, fileNameOf, type Names, subjectOf, typeNameOf } from "./names.ts";
import type { Schemas } from "./schemas.ts";
import { sensitivePointers } from "./sensitive.ts";

/** Every event of the contract, sorted by channel key. */
export function buildEvents(contract: Contract, schemas: Schemas, names: Names, report: Report): readonly Event[] {
  return channelsOf(contract, "event")
    .map((channel) => buildEvent(channel, contract, schemas, names, report))
    .toSorted((a, b) => compareText(a.channel, b.channel));
}

function buildEvent(channel: ChannelSpec, contract: Contract, schemas: Schemas, names: Names, report: Report): Event {
  const address = channel.address?.value ?? "";
  const directory = fileNameOf(channel.key);
  names.checkValueKey(channel.key, channel.at, "an event");
  names.take("value", channel.key, channel.at, `the event ${channel.key}`);
  names.take("directory in events/", directory, channel.at, `the event ${channel.key}`);
  return {
    channel: channel.key,
    directory,
    pointer: channel.at,
    ...ownerOf(channel),
    name: eventNameOf(address),
    summary: channel.summary,
    stream: channel.stream?.value ?? "",
    key: channel.event?.key.value ?? "",
    writes: channel.event?.writes?.value ?? newestPublished(channel),
    versions: channel.messages
      .map((use) => ({
        ...buildVersion(use, address, schemas, names, report),
        ...evolutionOf(buildEvolution(use.message, channel, contract, names, report)),
      }))
      .toSorted((a, b) => b.number - a.number),
  };
}

function ownerOf({ owner }: ChannelSpec): { readonly owner?: EventOwner } {
  if (owner === undefined) return {};
  return {
    owner: {
      contract: owner.title,
      document: shownFile(owner.file),
      channel: owner.channel ?? "",
      shared: owner.stream?.shared === true,
      versions: owner.versions,
    },
  };
}

function evolutionOf(evolution: Evolution | undefined): { readonly evolution?: Evolution } {
  return evolution === undefined ? {} : { evolution };
}

function buildVersion(use: MessageUse, address: string, schemas: Schemas, names: Names, report: Report): EventVersion {
  const { message } = use;
  const what = `the message ${message.key}`;
  const number = numberOf(use);
  const payload = message.payload;
  names.checkTypeKey(message.key, message.at, "a message");
  names.take("type", typeNameOf(message.key), message.at, what);
  names.take("value", constNameOf(message.key), message.at, what);
  const version = payload === undefined ? undefined : propertyOf([payload], "version");
  return {
    typeName: typeNameOf(message.key),
    constName: constNameOf(message.key),
    pointer: message.at,
    number,
    type: subjectOf(address, number),
    subject: subjectOf(address, number),
    versionLiteral:
      version === undefined || version.schemas.length === 0 ? undefined : String(literals(version.schemas)?.[0]),
    state: message.version?.state ?? "current",
    ...(message.version?.sunset === undefined ? {} : { sunset: message.version.sunset.value }),
    schema: payload === undefined ? true : schemas.of(payload),
    schemaPointer: payload?.at ?? message.at,
    hasMeta: payload !== undefined && propertyOf([payload], "meta").schemas.length > 0,
    sensitive: payload === undefined ? [] : sensitivePointers(payload, report),
    description: message.description ?? message.summary ?? descriptionOf(payload?.value),
    examples: buildExamples(message.examples),
    ...(message.version?.compatibility === undefined ? {} : { compatibility: message.version.compatibility }),
    ...acknowledgedIn(message),
  };
}

/** The changes that messages acknowledge; left out where there are none. */
export function acknowledgedIn(...messages: readonly MessageSpec[]): {
  readonly acknowledged?: readonly Acknowledgement[];
} {
  const acknowledged = messages.flatMap(({ version }) => version?.acknowledged ?? []);
  return acknowledged.length === 0 ? {} : { acknowledged };
}

/** The examples that have a payload, in the order of the document's list. */
export function buildExamples(examples: readonly ExampleSpec[]): readonly Example[] {
  return examples.flatMap(({ at, name, payload }) =>
    payload === undefined ? [] : [{ pointer: at, name, payload: payload.value }],
  );
}

function newestPublished(channel: ChannelSpec): number {
  return Math.max(...channel.messages.filter(isPublished).map(numberOf));
}

function numberOf({ message }: MessageUse): number {
  return message.version?.number.value ?? 1;
}

/** The description of a schema. */
export function descriptionOf(schema: unknown): string | undefined {
  const description = own(schema, "description");
  return typeof description === "string" ? description : undefined;
}
