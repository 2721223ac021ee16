/** Headers of a message as plain data. */
import type { MsgHdrs } from "@nats-io/transport-node";
import type { MessageHeaders } from "../broker.ts";

/** Copies the first value of each header into a record that inherits nothing: `constructor` is then no header. */
export function readHeaders(headers: MsgHdrs | undefined): MessageHeaders {
  const record: Record<string, string> = {};
  Object.setPrototypeOf(record, null);
  if (headers === undefined) return record;
  for (const [name, values] of headers) record[name] = values[0] ?? "";
  return record;
}
