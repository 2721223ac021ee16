/** A received event in the version that its handler takes. */
import type { EventDescriptor, MessageDescriptor } from "../descriptors.ts";
import { TandemError } from "../errors.ts";
import { hide } from "../redaction/hidden-values.ts";
import { derive, shimFailed, stepsBetween, type HandWrittenParts } from "./derive-versions.ts";
import { describeFaults } from "./faults.ts";
import { readPointer } from "./json-pointer.ts";
import { bodyOf, metaOf, payloadOf } from "./outgoing.ts";
import type { ReceivedEvent } from "./read-event.ts";

/** Turns events of one version into those of another. Undefined for an event that is passed over: `skip-and-count`. */
export type Upcast = (received: ReceivedEvent) => ReceivedEvent | undefined;

/**
 * The upcast from one version to another. It throws `SHIM_FAILED` when a mapping does not work, and `UNREPRESENTABLE`
 * for an event that the other version cannot say and that must not be lost.
 *
 * @throws `EVOLUTION_MISSING` when the mappings do not lead there
 */
export function upcastTo(
  to: MessageDescriptor,
  event: EventDescriptor,
  from: MessageDescriptor,
  parts: HandWrittenParts,
): Upcast {
  const steps = stepsBetween(event, from, to, parts);
  if (steps.length === 0) return (received) => received;
  return (received) => {
    const { body, envelope } = received;
    if (typeof body !== "object" || body === null) throw shimFailed(from, to, "the body is no object");
    const derived = derive(payloadOf(body), steps);
    if (derived.kind === "unrepresentable") {
      if (derived.at.policy === "skip-and-count") return undefined;
      throw new TandemError("UNREPRESENTABLE", `${to.type} cannot say this event, which came as ${from.type}.`);
    }
    const meta = readPointer(body, "/meta") ?? metaOfEnvelope(envelope);
    const upcast = { ...bodyOf(to, derived.payload), ...(to.hasMeta && meta !== undefined ? { meta } : {}) };
    hide(to.sensitive, upcast);
    if (!to.validate(upcast)) {
      throw shimFailed(from, to, `what it made is refused: ${describeFaults(to.validate.errors)}`);
    }
    return { body: upcast, envelope };
  };
}

/** For an older version whose body had no `meta`; undefined when the envelope cannot fill it. */
function metaOfEnvelope(envelope: ReceivedEvent["envelope"]): object | undefined {
  return envelope.sequence === undefined ? undefined : metaOf(envelope, envelope, envelope.sequence);
}
