/** The last stage of the pipeline: what a contract means, written down as files. */
import { Parts } from "../kept/parts.ts";
import type { Model, Pointer } from "../model/model.ts";
import { emitCatalogue } from "./catalogue/catalogue.ts";
import { emitDiagram } from "./catalogue/diagram.ts";
import { asyncApiPath, emitAsyncApi } from "./documents/asyncapi.ts";
import { emitOpenApi, openApiPath } from "./documents/openapi.ts";
import { emitMessageSchemas } from "./documents/message-schemas.ts";
import { emitEvent } from "./event.ts";
import { emitEvolutions } from "./evolution/evolution.ts";
import { headerOf, type EmitContext } from "./emitter.ts";
import { emitOthers, OTHERS_PATH } from "./others.ts";
import { emitMessage } from "./message.ts";
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

/** Something that the contract says and generated code cannot say as well. */
export interface EmitWarning {
  readonly pointer: Pointer;
  readonly message: string;
}

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
  const warnings = new Map<string, EmitWarning>();
  const warn = (pointer: Pointer, message: string) => void warnings.set(`${pointer}\n${message}`, { pointer, message });
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
  const sources: SourceFile[] = [];
  for (const shared of model.schemas) sources.push(...(await emitSharedSchema(shared, context)));
  for (const event of model.events) {
    for (const version of event.versions) sources.push(...(await emitMessage(event, version, context)));
    sources.push(...emitEvolutions(event, context), emitEvent(event, context));
  }
  for (const route of model.routes) sources.push(...(await emitRoute(route, context)));
  for (const message of model.messages) sources.push(...(await emitPlainMessage(message, context)));
  for (const channel of model.channels) sources.push(...(await emitChannel(channel, context)));
  for (const application of model.applications) sources.push(emitApplication(application, context));
  if (model.messages.length + model.channels.length > 0) sources.push(emitMessaging(context));
  for (const service of model.services) sources.push(emitService(service, model, context));
  sources.push(...helpersOf(sources, context));

  const files = new Map(sources.map((source) => [source.path, printSourceFile(source)]));
  for (const event of model.events) {
    for (const version of event.versions) {
      files.set(schemaDocumentPath(event, version), emitSchemaDocument(event, version, context));
    }
  }
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
  return { files: new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1))), warnings: [...warnings.values()] };
}

/** The module of what validators share, when they share anything. */
function helpersOf(sources: readonly SourceFile[], context: EmitContext): SourceFile[] {
  const imports = sources.flatMap((source) => source.imports ?? []).filter(({ from }) => from === HELPERS_PATH);
  if (imports.length === 0) return [];
  const header = [...headerOf(context, ", for the validators"), ...UNCHECKED];
  return [{ path: HELPERS_PATH, header, body: helpersModule(imports.map(({ name }) => name)) }];
}
