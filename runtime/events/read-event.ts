/** From the bytes of a delivery to an event that satisfies the contract. */
import type { Delivery } from "../broker.ts";
import type { EventDescriptor, MessageDescriptor } from "../descriptors.ts";
import { TandemError } from "../errors.ts";
import { isDeeperThan } from "../json/depth.ts";
import { hide } from "../redaction/hidden-values.ts";
import { readEnvelope, type Envelope } from "./envelope.ts";
import { describeFaults } from "./faults.ts";
import { oneLine } from "./one-line.ts";

/** One received event: its body, checked against the version that its subject names, and its envelope. */
export interface ReceivedEvent {
  readonly body: unknown;
  readonly envelope: Envelope;
}

const LONGEST_FAULT = 200;
/** Levels of arrays and objects: validators and mappings recurse as deep as a body does, and the stack is finite. */
const DEEPEST_BODY = 100;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a message as one version of an event.
 *
 * @throws `BODY_NOT_JSON`, `EVENT_INVALID` or `ENVELOPE_INVALID`, with what is wrong and where
 */
export function readEvent(
  stored: Pick<Delivery, "data" | "headers" | "headersFault">,
  event: EventDescriptor,
  message: MessageDescriptor,
): ReceivedEvent {
  if (stored.headersFault !== undefined) {
    const why = oneLine(stored.headersFault, LONGEST_FAULT);
    throw new TandemError("ENVELOPE_INVALID", `The headers of ${message.type} cannot be read: ${why}.`);
  }
  const body = parse(stored.data, message);
  hide(message.sensitive, body);
  const faults = faultsOf(body, message);
  if (faults !== undefined) throw new TandemError("EVENT_INVALID", `The body is not ${message.type}: ${faults}.`);
  return { body, envelope: readEnvelope(stored.headers, body, event, message) };
}

function parse(data: Uint8Array, message: MessageDescriptor): unknown {
  let text: string;
  try {
    text = utf8.decode(data);
  } catch {
    throw notJson(data, message, "UTF-8");
  }
  if (isDeeperThan(DEEPEST_BODY, data)) {
    throw new TandemError("EVENT_INVALID", `The body of ${message.type} is nested deeper than ${DEEPEST_BODY} levels.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser quotes what it could not read: a stranger's words have no place in a log.
    throw notJson(data, message, "JSON");
  }
}

function notJson(data: Uint8Array, message: MessageDescriptor, form: string): TandemError {
  return new TandemError("BODY_NOT_JSON", `The body of ${message.type}, ${data.byteLength} bytes, is not ${form}.`);
}

/** What the schema refuses in a body, in words; undefined when nothing. */
function faultsOf(body: unknown, message: MessageDescriptor): string | undefined {
  const { validate } = message;
  try {
    if (validate(body)) return undefined;
  } catch {
    // A schema that refers to itself recurses as deep as the body does, and the stack is finite. What the
    // validator holds then is about a message before this one.
    return "its validator failed";
  }
  return describeFaults(validate.errors) || "its validator failed";
}
