/** Pauses durables at the server, and hears of the pauses of others. */
import { setTimeout as pause } from "node:timers/promises";
import type { ConsumerAPI } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { DurablePauses } from "../broker.ts";
import { askConsumers } from "./ask-consumers.ts";
import type { Connection } from "./connection.ts";

const SEEN_ATTEMPTS = 40;
const SEEN_PAUSE_MS = 25;

/** The pauses of durables over one connection. */
export class Pauses implements DurablePauses {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async pause(stream: string, durable: string, until: number): Promise<boolean> {
    return askConsumers(this.#connection, `pausing durable ${durable} of ${stream}`, async (consumers) => {
      if ((await pausedUntil(consumers, stream, durable)) >= until) return false;
      await consumers.pause(stream, durable, new Date(until));
      await untilSeen(async () => (await pausedUntil(consumers, stream, durable)) >= until);
      return true;
    });
  }

  async resume(stream: string, durable: string, notAfter: number): Promise<void> {
    await askConsumers(this.#connection, `resuming durable ${durable} of ${stream}`, async (consumers) => {
      const until = await pausedUntil(consumers, stream, durable);
      if (until === 0 || until > notAfter) return;
      await consumers.resume(stream, durable);
      await untilSeen(async () => (await pausedUntil(consumers, stream, durable)) !== until);
    });
  }

  watch(stream: string, durable: string, onNews: () => void): () => void {
    const subject = `$JS.EVENT.ADVISORY.CONSUMER.PAUSE.${stream}.${durable}`;
    let listening: NatsConnection | undefined;
    const listen = (client: NatsConnection): void => {
      // A login that may not hear of pauses is left with its timers.
      if (client !== listening)
        client.subscribe(subject, { callback: (error) => (error === null ? onNews() : undefined) });
      // What was said while the connection was away is not said again.
      else onNews();
      listening = client;
    };
    if (this.#connection.current !== undefined) listen(this.#connection.current);
    return this.#connection.listen({ connected: listen });
  }
}

/**
 * In a cluster the command is answered before the durable's leader has heard of it, and who asks the leader then would
 * pause it for a shorter time, or take for paused what is not. After a second it is left at that: what was asked for is
 * agreed, and will come.
 */
async function untilSeen(isSeen: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < SEEN_ATTEMPTS && !(await isSeen()); attempt += 1) await pause(SEEN_PAUSE_MS);
}

/** 0 when it is not paused. */
async function pausedUntil(consumers: ConsumerAPI, stream: string, durable: string): Promise<number> {
  const { paused, config } = await consumers.info(stream, durable);
  return paused === true && config.pause_until !== undefined ? Date.parse(config.pause_until) : 0;
}
