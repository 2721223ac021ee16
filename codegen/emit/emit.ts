/** The last stage of the pipeline: what a contract means, written down as files. */
import { Parts } from "../kept/parts.ts";
import type { Event, Model } from "../model/model.ts";
import { emitCatalogue } from "./catalogue/catalogue.ts";
import { emitDiagram } from "./catalogue/diagram.ts";
import { asyncApiPath, emitAsyncApi } from "./documents/asyncapi.ts";
import { emitOpenApi, openApiPath } from "./documents/openapi.ts";
import { emitMessageSchemas } from "./documents/message-schemas.ts";
import { emitEvent } from "./event.ts";
import { emitEvolutions } from "./evolution/evolution.ts";
import { headerOf, type EmitContext } from "./emitter.ts";
import { keptFiles, type PrintedFile, type Thing } from "./kept-files.ts";
import { emitMessage } from "./message.ts";
import { emitOthers, OTHERS_PATH } from "./others.ts";
import { emitApplication } from "./plain/application.ts";
import { emitChannel } from "./plain/channel.ts";
import { emitPlainMessage } from "./plain/message.ts";
import { emitMessaging } from "./plain/messaging.ts";
import { printSourceFile, type SourceFile } from "./print/source-file.ts";
import { reachIn } from "./reach.ts";
import { emitRoute } from "./route.ts";
import { emitSchemaDocument, schemaDocumentPath } from "./schema-document.ts";
import { emitService } from "./service.ts";
import { emitSharedSchema, sharedValidatorPath } from "./shared-schema.ts";
import { emitTopology } from "./topology.ts";
import { typeDeclarer } from "./types/declare-type.ts";
import { UNCHECKED } from "./validator-files.ts";
import { HELPERS_PATH, helpersModule } from "./validators/helpers.ts";
import { type EmitWarning, Warnings } from "./warnings.ts";

/** Everything that is generated from one model. */
export interface Emitted {
  /** Text by path below the root of the generated files, sorted by path. */
  readonly files: Map<string, string>;
  readonly warnings: readonly EmitWarning[];
}

export interface EmitOptions {
  /** The command that generated files name as the one that makes them. */
  readonly command?: string;
  /** Parts that were made before, and where new ones are handed in. Default: none. */
  readonly parts?: Parts;
}

/** Writes a model down. Pure: the same model gives the same bytes. */
export async function emit(
  model: Model,
  { command = "npm run codegen", parts = new Parts() }: EmitOptions = {},
): Promise<Emitted> {
  const warnings = new Warnings();
  const { warn } = warnings;
  const sharedPaths = new Map(model.schemas.map((shared) => [shared.name, sharedValidatorPath(shared)]));
  const definitions = new Map(model.schemas.map(({ name, schema }) => [name, schema]));
  const reach = reachIn(definitions);
  const context: EmitContext = {
    source: model.source,
    command,
    declareType: typeDeclarer(model, { definitions, reach, parts, warn }),
    validators: {
      definitions,
      reach,
      parts,
      sharedPath(name) {
        const path = sharedPaths.get(name);
        if (path === undefined) throw new Error(`no shared schema is called ${JSON.stringify(name)}`);
        return path;
      },
      warn,
    },
  };
  const files = new Map<string, string>();
  const helpers = new Set<string>();
  for (const thing of thingsOf(model, context)) {
    const printed = await keptFiles(thing, context, { parts, warnings });
    for (const [path, text] of printed.files) files.set(path, text);
    for (const name of printed.helpers) helpers.add(name);
  }
  const sources: SourceFile[] = model.applications.map((application) => emitApplication(application, context));
  if (model.messages.length + model.channels.length > 0) sources.push(emitMessaging(context));
  for (const service of model.services) sources.push(emitService(service, model, context));
  if (helpers.size > 0) sources.push(emitHelpers(helpers, context));
  for (const source of sources) files.set(source.path, printSourceFile(source));
  for (const [path, text] of emitMessageSchemas(model, context)) files.set(path, text);
  for (const view of model.views) {
    files.set(asyncApiPath(view), emitAsyncApi(view, model, context));
    const path = openApiPath(view, model);
    if (path !== undefined) files.set(path, emitOpenApi(view, model, context));
  }
  files.set("catalogue.md", emitCatalogue(model, context));
  files.set("diagram.mmd", emitDiagram(model, context));
  const others = emitOthers(model, context);
  if (others !== undefined) files.set(OTHERS_PATH, others);
  files.set("topology.json", emitTopology(model, command));
  return { files: new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1))), warnings: warnings.distinct };
}

/** What has files of its own, which nothing else in the contract changes. */
function thingsOf({ schemas, events, routes, messages, channels }: Model, context: EmitContext): readonly Thing[] {
  return [
    ...schemas.map((shared) => ({
      maker: "shared schema",
      madeFrom: shared,
      sources: () => emitSharedSchema(shared, context),
    })),
    ...events.map((event) => ({
      maker: "event",
      madeFrom: event,
      sources: () => emitEventFiles(event, context),
      documents: () => emitSchemaDocuments(event, context),
    })),
    ...routes.map((route) => ({ maker: "route", madeFrom: route, sources: () => emitRoute(route, context) })),
    ...messages.map((message) => ({
      maker: "message",
      madeFrom: message,
      sources: () => emitPlainMessage(message, context),
    })),
    ...channels.map((channel) => ({
      maker: "channel",
      madeFrom: channel,
      sources: () => emitChannel(channel, context),
    })),
  ];
}

/** Every version with its type and validator, the ways between them, and the event itself. */
async function emitEventFiles(event: Event, context: EmitContext): Promise<SourceFile[]> {
  const versions: SourceFile[] = [];
  for (const version of event.versions) versions.push(...(await emitMessage(event, version, context)));
  return [...versions, ...emitEvolutions(event, context), emitEvent(event, context)];
}

function emitSchemaDocuments(event: Event, context: EmitContext): readonly PrintedFile[] {
  return event.versions.map((version) => [
    schemaDocumentPath(event, version),
    emitSchemaDocument(event, version, context),
  ]);
}

/** The module of what validators share. */
function emitHelpers(names: ReadonlySet<string>, context: EmitContext): SourceFile {
  const header = [...headerOf(context, ", for the validators"), ...UNCHECKED];
  return { path: HELPERS_PATH, header, body: helpersModule(names) };
}
