/** `events/<event>/event.ts`: an event with its versions. */
import type { Event, EventVersion } from "../model/model.ts";
import { DESCRIPTOR_FORMAT, headerOf, runtime, type EmitContext } from "./emitter.ts";
import { messagePath } from "./message.ts";
import { block, Import, Name, trusted, ts } from "./print/code.ts";
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
  });
  return {
    path: eventPath(event),
    header: headerOf(context, `#${event.pointer}`),
    body: ts`
      ${trusted(docComment({ description: event.summary }))}export const ${new Name(event.channel)} = ${runtime("defineEvent")}(${descriptor});
    `,
  };
}
