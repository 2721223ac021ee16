/** The second stage: from what a contract says to what it means. */
import { basename } from "node:path";
import { compareText } from "../diagnostic.ts";
import type { Contract, MessageSpec } from "../spec/contract.ts";
import { KEYWORDS } from "../spec/keywords.ts";
import type { Node } from "../spec/node.ts";
import { placeIn, tokens } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";
import { channelsOf } from "../spec/roles.ts";
import { buildEvents } from "./events.ts";
import type { Model, SharedSchema } from "./model.ts";
import { Names } from "./names.ts";
import { otherDocuments } from "./others.ts";
import { buildApplications } from "./plain/applications.ts";
import { buildChannels } from "./plain/channels.ts";
import { defaultService, defaultStreams, noteVersions } from "./plain/defaults.ts";
import { buildMessages, plainMessages } from "./plain/messages.ts";
import { buildRoutes } from "./routes.ts";
import { Schemas } from "./schemas.ts";
import { buildConsumers, buildServices } from "./services.ts";
import { buildStreams } from "./streams.ts";
import { buildViews } from "./view/build-views.ts";

/**
 * Builds the model. Everything in it is sorted, so that the order of the document's keys does not show.
 * Names that cannot be used are reported; the model is then not to be used.
 */
export function buildModel(contract: Contract, report: Report): Model {
  const names = new Names(report, { verbatim: contract.ours });
  const nameOf = (node: Node): string =>
    names.typeName(schemaKeys(node), node.at, `the schema ${schemaKeys(node)[0]}`, "a schema");
  const naming = { nameOf, anywhere: !contract.ours };
  const schemas = new Schemas(schemaRoots(contract), report, naming, keptSchemas(contract));
  const consumers = buildConsumers(contract);
  const shared = buildShared(schemas, names);
  const plain = buildPlain(contract, schemas, names, report);
  const events = buildEvents(contract, schemas, names, report);
  return {
    source: basename(contract.source.file),
    title: contract.title,
    version: contract.version,
    schemas: shared,
    ...plain,
    events,
    routes: buildRoutes(contract, schemas, names, report),
    services: buildServices(contract, names),
    streams: contract.ours ? buildStreams(contract, consumers) : defaultStreams(contract, report),
    consumers,
    info: contract.info,
    servers: contract.servers
      .map(({ key, described }) => [key, described] as const)
      .toSorted(([a], [b]) => compareText(a, b)),
    others: otherDocuments(contract),
    views: buildViews(contract, schemas, { ...plain, events }),
  };
}

function buildShared(schemas: Schemas, names: Names): readonly SharedSchema[] {
  return schemas.shared.map(({ name, node, schema }) => ({
    name,
    file: names.fileName("file in schemas/", name, node.at, `the schema ${name}`),
    pointer: node.at,
    schema,
  }));
}

/** What is no event: messages, the channels that carry them, and the operations on those. */
function buildPlain(
  contract: Contract,
  schemas: Schemas,
  names: Names,
  report: Report,
): Pick<Model, "messages" | "channels" | "applications"> {
  const messages = buildMessages(contract, schemas, names, report);
  const channels = buildChannels(contract, messages, schemas, names);
  const only = contract.ours ? undefined : defaultService(contract, report);
  if (!contract.ours) noteVersions(contract, report);
  return {
    messages: [...messages.values()].toSorted((a, b) => compareText(a.typeName, b.typeName)),
    channels: [...channels.values()].toSorted((a, b) => compareText(a.constName, b.constName)),
    applications: buildApplications(contract, { messages, channels }, only, names),
  };
}

/** What a schema may be called: by its own key, else with the keys that it stands under. */
function schemaKeys(node: Node): [string, ...string[]] {
  const { file, inside } = placeIn(node.at);
  const names = tokens(inside).filter((token) => !STRUCTURE.has(token) && !/^\d+$/.test(token));
  const all = [...(file === "" ? [] : [basename(file).replace(/\.\w+$/, "")]), ...names];
  const [last = "schema", ...before] = all.toReversed();
  return [last, `${last} schema`, ...before.map((_, index) => all.slice(all.length - index - 2).join(" "))];
}

/** Tokens of a pointer that name no schema. */
const STRUCTURE = new Set([
  ...KEYWORDS.keys(),
  "components",
  "schemas",
  "messages",
  "channels",
  "payload",
  "headers",
  "schema",
  "$defs",
]);

/** A document without our extensions may hold schemas for whoever refers to them: they are kept. */
function keptSchemas({ ours, schemas }: Contract): Node[] {
  if (ours) return [];
  return schemas.map(({ node }) => node);
}

/** What code is generated for: the payloads of events, and the bodies and answers of the HTTP door. */
function schemaRoots(contract: Contract): Node[] {
  const doors = new Set(channelsOf(contract, "route"));
  const routes = contract.operations.filter(({ channel }) => doors.has(channel));
  const messages = new Map<string, MessageSpec>();
  for (const { message } of channelsOf(contract, "event").flatMap((channel) => channel.messages)) {
    messages.set(message.at, message);
  }
  for (const { value } of routes.flatMap(({ messages: request, reply }) => [...request, ...(reply?.messages ?? [])])) {
    messages.set(value.message.at, value.message);
  }
  const plain = plainMessages(contract).flatMap(({ message: { payload, headers } }) =>
    [payload ?? [], headers ?? []].flat(),
  );
  const parameters = channelsOf(contract, "plain").flatMap((channel) =>
    channel.parameters.flatMap(({ schema }) => schema ?? []),
  );
  return [...[...messages.values()].flatMap(({ payload }) => payload ?? []), ...plain, ...parameters].toSorted((a, b) =>
    compareText(a.at, b.at),
  );
}
