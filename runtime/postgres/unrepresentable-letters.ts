/** Dead letters of events that a published version cannot say. */
import type { OutgoingMessage } from "../broker.ts";
import { fingerprintOf } from "../delivery/fingerprint.ts";
import { writeHeaders } from "../events/envelope.ts";
import type { StoredRow } from "./outbox-rows.ts";

const utf8 = new TextEncoder();

/**
 * The dead letters of a row: the event as it was written, once for each version that cannot say it and whose
 * policy is `dead-letter`. They lie where a durable of the publisher would put what it gives up, and the headers
 * name the place of the written version.
 */
export function unrepresentableLetters(service: string, { row, stream, sequences }: StoredRow): OutgoingMessage[] {
  return row.unrepresentable.flatMap(({ version, type, channel, policy, said }) => {
    const index = row.versions.findIndex((pinned) => pinned.version === said);
    const written = row.versions[index];
    if (policy !== "dead-letter" || written === undefined) return [];
    const fault = {
      service,
      channel,
      code: "UNREPRESENTABLE",
      words: `${type} cannot say this event; it was published without that version.`,
    };
    const headers = {
      ...writeHeaders(written.type, { ...row, source: service }, written.dataschema),
      "dlq-stream": stream,
      "dlq-sequence": String(sequences[index]),
      "dlq-subject": written.subject,
      "dlq-consumer": service,
      "dlq-attempts": "1",
      "dlq-code": fault.code,
      "dlq-error": fault.words,
      "dlq-fingerprint": fingerprintOf(fault),
      "dlq-time": row.occurredAt,
    };
    return [
      {
        subject: `dead.${service}.${channel}.v${version}`,
        data: utf8.encode(JSON.stringify(written.body)),
        headers,
        messageId: `dlq:${service}:${type}:${row.eventId}`,
      },
    ];
  });
}
