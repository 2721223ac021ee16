/** Headers of a message on their way out, checked and encoded once however often the message is sent. */
import { MsgHdrsImpl } from "@nats-io/transport-node";
import type { MessageHeaders } from "../broker.ts";

const NAME = /^[!-9;-~]+$/;
const RESERVED = /^nats-/i;
const LINE_BREAK = /[\r\n]/;

/** Header bytes in the form that the client takes; it encodes anew on every send otherwise. */
export class EncodedHeaders extends MsgHdrsImpl {
  readonly #bytes: Uint8Array;

  constructor(text: string) {
    super();
    this.#bytes = Buffer.from(text);
  }

  override encode(): Uint8Array {
    return this.#bytes;
  }
}

/** Where a message stands in an atomic batch. */
export interface BatchPlace {
  readonly id: string;
  /** From 1. */
  readonly sequence: number;
  /** The last one commits. */
  readonly isLast: boolean;
}

/**
 * Encodes the headers with the message id, or says in words what is wrong with them. Names that begin
 * with `Nats-` are commands to the server (`Nats-Rollup` purges a subject) and never the user's to set.
 */
export function encodeHeaders(headers: MessageHeaders, messageId: string, batch?: BatchPlace): EncodedHeaders | string {
  if (messageId === "" || LINE_BREAK.test(messageId)) return "the message id is empty or has a line break";
  let text = `NATS/1.0\r\nNats-Msg-Id: ${messageId}\r\n`;
  if (batch !== undefined) {
    text += `Nats-Batch-Id: ${batch.id}\r\nNats-Batch-Sequence: ${batch.sequence}\r\n`;
    if (batch.isLast) text += "Nats-Batch-Commit: 1\r\n";
  }
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value === undefined) continue;
    if (!NAME.test(name)) return `${JSON.stringify(name)} is no name for a header: printable ASCII without ":"`;
    if (RESERVED.test(name)) return `the header ${name} is the server's: names that begin with "Nats-" cannot be set`;
    if (LINE_BREAK.test(value)) return `the value of the header ${name} has a line break`;
    text += `${name}: ${value}\r\n`;
  }
  return new EncodedHeaders(`${text}\r\n`);
}
