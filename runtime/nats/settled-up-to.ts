/** How far a durable is through its stream. */
import { askConsumers } from "./ask-consumers.ts";
import type { Connection } from "./connection.ts";

/** See `Broker.settledUpTo`. */
export async function settledUpTo(connection: Connection, stream: string, durable: string): Promise<number> {
  const what = `asking how far durable ${durable} of ${stream} is`;
  const info = await askConsumers(connection, what, async (consumers) => consumers.info(stream, durable));
  // A message that ran out of deliveries holds the floor for ever, and is not pending.
  if (info.num_ack_pending > 0) return info.ack_floor.stream_seq;
  return info.num_pending > 0 ? info.delivered.stream_seq : Number.POSITIVE_INFINITY;
}
