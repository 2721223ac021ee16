/** The second stage: from what a contract says to what it means. */
import { basename } from "node:path";
import type { Contract, MessageSpec } from "../spec/contract.ts";
import type { Node } from "../spec/node.ts";
import type { Report } from "../spec/report.ts";
import { channelsOf } from "../spec/roles.ts";
import { buildEvents } from "./events.ts";
import type { Model, SharedSchema } from "./model.ts";
import { fileNameOf, Names, typeNameOf } from "./names.ts";
import { buildRoutes } from "./routes.ts";
import { Schemas } from "./schemas.ts";
import { buildConsumers, buildServices } from "./services.ts";
import { buildStreams } from "./streams.ts";

/**
 * Builds the model. Everything in it is sorted, so that the order of the document's keys does not show.
 * Names that cannot be used are reported; the model is then not to be used.
 */
export function buildModel(contract: Contract, report: Report): Model {
  const names = new Names(report);
  const schemas = new Schemas(schemaRoots(contract), report);
  const consumers = buildConsumers(contract);
  return {
    source: basename(contract.source.file),
    title: contract.title,
    version: contract.version,
    schemas: buildShared(schemas, names),
    events: buildEvents(contract, schemas, names, report),
    routes: buildRoutes(contract, schemas, names, report),
    services: buildServices(contract, names),
    streams: buildStreams(contract, consumers),
    consumers,
  };
}

function buildShared(schemas: Schemas, names: Names): readonly SharedSchema[] {
  return schemas.shared.map(({ name, node, schema }) => {
    const what = `the schema ${name}`;
    names.checkTypeKey(name, node.at, "a schema");
    names.take("type", typeNameOf(name), node.at, what);
    names.take("file in schemas/", fileNameOf(name), node.at, what);
    return { name: typeNameOf(name), file: fileNameOf(name), pointer: node.at, schema };
  });
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
  return [...messages.values()].flatMap(({ payload }) => payload ?? []).toSorted((a, b) => (a.at < b.at ? -1 : 1));
}
