/** How the versions of one event get onto their stream together. */
import type { Logger } from "pino";
import type { Broker, OutgoingMessage, PublishAck } from "../broker.ts";
import { TandemError } from "../errors.ts";

/**
 * Publishes messages of one event, newest version first, and answers where each is stored, in their order. Rejects
 * with what `Broker.publish` rejects with; some of the messages may be stored then.
 */
export type SendVersions = (event: string, messages: readonly OutgoingMessage[]) => Promise<readonly PublishAck[]>;

/** How versions are sent. */
export interface SendOptions {
  /** Whether versions go as one atomic batch, where the stream takes one. */
  readonly atomicBatches: boolean;
  readonly log: Logger;
}

/**
 * Sends versions one after the other, each acknowledged before the next; or as one atomic batch. Where a stream
 * takes no batches, its events are published one after the other from then on, and the log says so once.
 */
export function sendVersions(broker: Broker, { atomicBatches, log }: SendOptions): SendVersions {
  const withoutBatches = new Set<string>();

  return async (event, messages) => {
    if (!atomicBatches || messages.length < 2 || withoutBatches.has(event)) return publishInOrder(broker, messages);
    try {
      return await broker.publishBatch(messages);
    } catch (error) {
      if (!(error instanceof TandemError && error.code === "BATCH_UNSUPPORTED")) throw error;
      if (!withoutBatches.has(event)) {
        log.warn({ event, reason: error.message }, "no atomic batches here; the versions go one after the other");
      }
      withoutBatches.add(event);
      return publishInOrder(broker, messages);
    }
  };
}

async function publishInOrder(broker: Broker, messages: readonly OutgoingMessage[]): Promise<PublishAck[]> {
  const acks: PublishAck[] = [];
  for (const message of messages) acks.push(await broker.publish(message));
  return acks;
}
