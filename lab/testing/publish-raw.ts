import { randomUUID } from "node:crypto";
import { pino } from "pino";
import type { MessageHeaders, PublishAck } from "../../runtime/broker.ts";
import { openBroker } from "../../runtime/nats/broker.ts";

/** A message as somebody else's program might store it. */
export interface RawMessage {
  readonly subject: string;
  /** Those that the broker itself writes are left out. */
  readonly headers: MessageHeaders;
  readonly data: Uint8Array;
}

/** How long to try before a refusal is taken for one, milliseconds. */
const DEADLINE_MS = 2_000;

/** Stores a message past outbox, validation and envelope, under a message id of its own. Rejects when no stream takes it. */
export async function publishRaw(natsUrl: string, { subject, headers, data }: RawMessage): Promise<PublishAck> {
  const broker = openBroker({
    servers: [natsUrl],
    name: "test",
    log: pino({ level: "silent" }),
    publishDeadlineMs: DEADLINE_MS,
  });
  try {
    const own = Object.fromEntries(Object.entries(headers).filter(([name]) => !/^nats-/i.test(name)));
    return await broker.publish({ subject, data, headers: own, messageId: randomUUID() });
  } finally {
    await broker.close();
  }
}
