/** One message of a dead letter stream, read. */
import {
  decodeHeader,
  fingerprintOf,
  type MessageHeaders,
  oneLine,
  peekEventId,
  readPointer,
  type StoredMessage,
} from "@tandem/runtime/admin";
import { isIdentifier } from "@tandem/runtime";
import type { TopologyMessage } from "../topology.ts";
import { readBody } from "./body.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Entry } from "./letter.ts";
import { isSensitive, secretsIn } from "./mask.ts";

const LONGEST_WORD = 256;
const LONGEST_ERROR = 500;

/** Reads an entry. What a header does not say is empty: somebody else's program may have written it. */
export function readEntry(stored: StoredMessage, catalogue: Catalogue): Entry {
  const { stream, sequence, storedAt, headers, data, subject } = stored;
  const header = (name: string): string => oneLine(headers[name] ?? "", LONGEST_WORD);
  const durable = header("dlq-consumer");
  const known = catalogue.consumerAt(subject);
  const [version, channel, service] = known
    ? [known.version, known.channel, known.service]
    : placeInSubject(subject, durable);
  const origin = durable === service ? "publisher" : "consumer";
  const code = header("dlq-code") || "UNKNOWN";
  const error = oneLine(headers["dlq-error"] ?? "", LONGEST_ERROR);
  const message = messageOf({ origin, channel, version }, headers, catalogue);
  const { value } = readBody(data);
  return {
    ...{ stream, sequence, storedAt, origin, service, channel, version, durable, code, error },
    event: message?.event ?? known?.event ?? header("ce-type").replace(/\.v\d+$/, ""),
    eventId: peekEventId(headers) ?? idInBody(value),
    key: keyOf(headers, value, message),
    hidesKey: message !== undefined && isSensitive(message.key, message.sensitive),
    fingerprint: header("dlq-fingerprint") || fingerprintOf({ service, channel, code, words: error }),
    attempts: Number(header("dlq-attempts")) || 0,
    failedAt: header("dlq-time") || new Date(storedAt).toISOString(),
    source: { stream: header("dlq-stream"), sequence: Number(header("dlq-sequence")), subject: header("dlq-subject") },
    bytes: data.byteLength,
    omitted: headers["dlq-body-omitted"] === undefined ? undefined : header("dlq-body-omitted"),
    messageId: headers["Nats-Msg-Id"] ?? "",
    secrets: secretsIn(value, message?.sensitive ?? catalogue.sensitive),
  };
}

/** The version that a body is of. What a publisher could not say lies here as the version that it did write. */
export function messageOf(
  { origin, channel, version }: Pick<Entry, "origin" | "channel" | "version">,
  headers: MessageHeaders,
  catalogue: Catalogue,
): TopologyMessage | undefined {
  return origin === "publisher"
    ? catalogue.messageOfType(headers["ce-type"] ?? "")
    : catalogue.messageOf(channel, version);
}

/** The last three tokens of the subject are service, channel and version. */
function placeInSubject(subject: string, durable: string): [version: number, channel: string, service: string] {
  const [, service = "", channel = "", version = "0"] = /([^.]+)\.([^.]+)\.v(\d+)$/.exec(subject) ?? [];
  return service === "" ? [0, subject, durable] : [Number(version), channel, service];
}

function idInBody(body: unknown): string | undefined {
  const id = readPointer(body, "/meta/event_id");
  return typeof id === "string" && isIdentifier(id) ? id : undefined;
}

function keyOf(headers: MessageHeaders, body: unknown, message: TopologyMessage | undefined): string | undefined {
  const subject = headers["ce-subject"];
  if (subject !== undefined) return oneLine(decodeHeader(subject), LONGEST_WORD);
  const key = message === undefined ? undefined : readPointer(body, message.key);
  return typeof key === "string" || typeof key === "number" ? oneLine(String(key), LONGEST_WORD) : undefined;
}
