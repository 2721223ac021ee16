/** `services/<service>.ts`: what one service may publish and must handle. */
import type { Event, EventVersion, Model, Service, Subscription } from "../model/model.ts";
import { DESCRIPTOR_FORMAT, headerOf, runtime, runtimeType, type EmitContext } from "./emitter.ts";
import { evolutionsOf } from "../model/evolution.ts";
import { openApiPath } from "./documents/openapi.ts";
import { eventPath, writtenVersion } from "./event.ts";
import { partsOf } from "./evolution/evolution.ts";
import { messagePath } from "./message.ts";
import { block, Import, join, member, Name, trusted, ts, typeImport, type Code, type DataValue } from "./print/code.ts";
import { docComment } from "./print/comment.ts";
import type { SourceFile } from "./print/source-file.ts";

/** The interfaces that a service's code is checked against, and its descriptor. */
export function emitService(service: Service, model: Model, context: EmitContext): SourceFile {
  const { name, publishes, handles } = service;
  const { events } = model;
  const document = openApiPath({ file: service.file, service: name }, model);
  const eventOf = (channel: string): Event => {
    const event = events.find((candidate) => candidate.channel === channel);
    if (event === undefined) throw new Error(`${name} names the event ${channel}, which the model does not have`);
    return event;
  };
  const descriptorOf = (channel: string) => new Import(channel, eventPath(eventOf(channel)));
  const publishesType = new Name(service.publishesType);
  const handlersType = new Name(service.handlersType);
  const descriptor = block({
    format: DESCRIPTOR_FORMAT,
    name,
    publishes: Object.fromEntries(publishes.map((channel) => [channel, descriptorOf(channel)])),
    handles: Object.fromEntries(
      handles.map((subscription) => [
        subscription.channel,
        subscriptionOf(subscription, eventOf(subscription.channel), descriptorOf(subscription.channel)),
      ]),
    ),
    openapi: document && new Import("openapi", document),
  });
  const parts = [...new Set([...publishes, ...handles.map(({ channel }) => channel)])]
    .map(eventOf)
    .flatMap(partsMembers);
  const evolutionsType = new Name(service.evolutionsType);
  const partsType = parts.length === 0 ? trusted("") : ts`, ${evolutionsType}`;
  const partsInterface =
    parts.length === 0
      ? trusted("")
      : ts`${trusted(docComment({ description: `What is written by hand of the mappings that ${name} runs.` }))}export interface ${evolutionsType} ${members(parts)}\n\n`;
  return {
    path: `services/${service.file}.ts`,
    header: headerOf(context, `, the operations of ${name}`),
    body: ts`
      ${trusted(docComment({ description: `What ${name} may publish.` }))}export interface ${publishesType} ${members(publishes.map((channel) => publishMember(eventOf(channel))))}

      ${trusted(docComment({ description: `What ${name} must handle.` }))}export interface ${handlersType} ${members(handles.map((handled) => handlerMember(handled, eventOf(handled.channel), publishesType)))}

      ${partsInterface}export const ${new Name(name)} = ${runtime("defineService")}<${handlersType}, ${publishesType}${partsType}>(${descriptor});
    `,
  };
}

function members(list: readonly Code[]): Code {
  if (list.length === 0) return trusted("{}");
  return ts`
    {
      ${join(list, "\n")}
    }
  `;
}

/** Takes the body without what the runtime stamps; in a handler it writes to the outbox. */
function publishMember(event: Event): Code {
  const payload = ts`${runtimeType("Payload")}<${typeOf(event, writtenVersion(event))}>`;
  return ts`${trusted(docComment({ description: event.summary }))}${member(event.channel)}(payload: ${payload}): void;`;
}

/** Takes the newest version that the operation lists. */
function handlerMember({ durables }: Subscription, event: Event, publishes: Name): Code {
  const newest = versionOf(event, Math.max(...durables.map(({ version }) => version)));
  const handler = ts`${runtimeType("Handler")}<${typeOf(event, newest)}, ${publishes}>`;
  return ts`${trusted(docComment({ description: event.summary }))}readonly ${member(event.channel)}: ${handler};`;
}

/** The hand-written parts of an event's mappings. */
function partsMembers(event: Event): Code[] {
  return evolutionsOf(event).flatMap(({ evolution }) => {
    const type = partsOf(event, evolution);
    return type === undefined ? [] : [ts`readonly ${member(evolution.partsKey)}: ${type};`];
  });
}

function subscriptionOf(subscription: Subscription, event: Event, descriptor: Import): DataValue {
  const { durables, ackWaitMs, concurrency, orderedByKey, priority, retry } = subscription;
  return {
    event: descriptor,
    durables: durables.map(({ name, version, deadLetterSubject, replaySubject }) => ({
      name,
      message: new Import(versionOf(event, version).constName, messagePath(event, versionOf(event, version))),
      deadLetterSubject,
      replaySubject,
    })),
    ackWaitMs,
    concurrency,
    orderedByKey,
    priority: priority && { ...priority },
    retry: { ...retry },
  };
}

function typeOf(event: Event, version: EventVersion): Import {
  return typeImport(version.typeName, messagePath(event, version));
}

function versionOf(event: Event, number: number): EventVersion {
  const version = event.versions.find((candidate) => candidate.number === number);
  if (version === undefined) throw new Error(`${event.channel} has no version ${number}`);
  return version;
}
