/** The mappings that a service runs, met with their hand-written parts. */
import type { ServiceDescriptor } from "../descriptors.ts";
import { TandemError } from "../errors.ts";
import { stepsBetween, type HandWrittenParts } from "../events/derive-versions.ts";

/**
 * The hand-written parts of the mappings, once it is sure that none is missing and that every version which the
 * service derives can be reached. The compiler sees to the parts; this is for code that went round it.
 *
 * @throws `EVOLUTION_MISSING`
 */
export function bindEvolutions(descriptor: ServiceDescriptor, given: unknown): HandWrittenParts {
  const parts: HandWrittenParts = isParts(given) ? given : {};
  const published = Object.values(descriptor.publishes);
  const handled = Object.values(descriptor.handles);
  const evolutions = [...published, ...handled.map(({ event }) => event)].flatMap((event) => event.evolutions ?? []);
  const asked = evolutions.flatMap((evolution) => (evolution.parts === undefined ? [] : [evolution.parts]));
  const missing = [...new Set(asked)].filter((key) => !isParts(parts[key]));
  if (missing.length > 0) {
    throw new TandemError(
      "EVOLUTION_MISSING",
      `${descriptor.name} brings no hand-written parts called ${missing.join(", ")}: ` +
        "write them in evolutions/ and hand them over, as in startService(descriptor, { handlers, evolutions }).",
    );
  }
  for (const event of published) {
    for (const version of event.versions) stepsBetween(event, event.writes, version, parts);
  }
  for (const { event, durables } of handled) {
    for (const { message } of durables) stepsBetween(event, message, durables[0]?.message ?? message, parts);
  }
  return parts;
}

function isParts(value: unknown): value is HandWrittenParts {
  return typeof value === "object" && value !== null;
}
