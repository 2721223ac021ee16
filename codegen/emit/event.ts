/** `events/<event>/event.ts`: an event with its versions. */
import type { Event, EventVersion } from "../model/model.ts";
import { DESCRIPTOR_FORMAT, headerOf, runtime, type EmitContext } from "./emitter.ts";
import { messagePath } from "./message.ts";
import { evolutionPath, partsOf } from "./evolution/evolution.ts";
import { evolutionsOf } from "../model/evolution.ts";
import { block, type DataValue, Import, Name, trusted, ts } from "./print/code.ts";
import { docComment } from "./print/comment.ts";
import type { SourceFile } from "./print/source-file.ts";

/** Where an event's descriptor is. */
export function eventPath(event: Event): string {
  return `events/${event.directory}/event.ts`;
}

/** The version that publishers write. */
export function writtenVersion(event: Event): EventVersion {
  const written = event.versions.find(({ number }) => number === event.writes);
  if (written === undefined) throw new Error(`${event.channel} writes version ${event.writes}, which it does not have`);
  return written;
}

/** The descriptor of an event. */
export function emitEvent(event: Event, context: EmitContext): SourceFile {
  const written = writtenVersion(event);
  const published = event.versions.filter(({ state }) => state === "current" || state === "deprecated");
  const descriptorOf = (version: EventVersion) => new Import(version.constName, messagePath(event, version));
  const descriptor = block({
    format: DESCRIPTOR_FORMAT,
    channel: event.channel,
    name: event.name,
    stream: event.stream,
    key: event.key,
    writes: descriptorOf(written),
    versions: (published.includes(written) ? published : [written, ...published]).map(descriptorOf),
    ...evolutionEntries(event, descriptorOf),
  });
  return {
    path: eventPath(event),
    header: headerOf(context, `#${event.pointer}`),
    body: ts`
      ${trusted(docComment({ description: event.summary }))}export const ${new Name(event.channel)} = ${runtime("defineEvent")}(${descriptor});
    `,
  };
}

/** Every pair of adjacent versions, published or not: what is stored can be read as long as its schema is known. */
function evolutionEntries(
  event: Event,
  descriptorOf: (version: EventVersion) => Import,
): { readonly [key: string]: DataValue } {
  const pairs = evolutionsOf(event);
  if (pairs.length === 0) return {};
  const evolutions = pairs.map(({ evolution, from, to }) => {
    const path = evolutionPath(event, evolution);
    const named = (direction: "up" | "down", number: number) =>
      pairs.length === 1 ? direction : `${direction}ToV${number}`;
    return {
      from: descriptorOf(from),
      to: descriptorOf(to),
      up: new Import("up", path, { as: named("up", to.number) }),
      down: new Import("down", path, { as: named("down", from.number) }),
      parts: partsOf(event, evolution) === undefined ? undefined : evolution.partsKey,
      unrepresentable: { up: evolution.unrepresentable.up, down: evolution.unrepresentable.down ?? "skip-and-count" },
    };
  });
  return { evolutions };
}
