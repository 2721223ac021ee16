/** Headers of a message as plain data. */
import type { MsgHdrs } from "@nats-io/transport-node";
import type { MessageHeaders } from "../broker.ts";
import { wordsOf } from "../words-of.ts";

/** What became of a message's headers. */
export interface HeadersRead {
  /** Empty when they cannot be read. */
  readonly headers: MessageHeaders;
  /** Why they cannot be read, in words. */
  readonly headersFault: string | undefined;
}

/** Copies the first value of each header into a record that inherits nothing: `constructor` is then no header. */
export function readHeaders(headers: MsgHdrs | undefined): MessageHeaders {
  const record: Record<string, string> = {};
  Object.setPrototypeOf(record, null);
  if (headers === undefined) return record;
  for (const [name, values] of headers) record[name] = values[0] ?? "";
  return record;
}

/**
 * The headers of a message that anybody may have published. The server stores any bytes as headers; the client reads
 * them when they are asked for, and throws on a name with a space or a value with a line break. Thrown inside a
 * subscription that would end the connection, and again with every delivery of the message.
 */
export function readHeadersOf(message: { readonly headers?: MsgHdrs | undefined }): HeadersRead {
  try {
    return { headers: readHeaders(message.headers), headersFault: undefined };
  } catch (error) {
    return { headers: readHeaders(undefined), headersFault: wordsOf(error) };
  }
}
