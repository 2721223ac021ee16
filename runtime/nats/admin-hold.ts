/**
 * A name on a stream that one process at a time may hold. It is a consumer that the server removes when nobody touches
 * it: making one is atomic, and who crashes holds nothing for long.
 */
import { JetStreamApiError, type JetStreamManager } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import type { AdminCommands } from "./admin-commands.ts";
import type { Hold, HoldOptions } from "./admin-shapes.ts";

const HOLDER = "tandem.holder";
/** "consumer already exists": with other settings, so it is somebody else's. */
const EXISTS = 10148;
const RELEASED_MS = 1;

/** See `Admin.hold`. */
export async function takeHold(
  commands: AdminCommands,
  stream: string,
  name: string,
  { holder, ttlMs }: HoldOptions,
): Promise<Hold | { readonly heldBy: string }> {
  const taken = await commands.run(`holding ${name} of ${stream}`, async ({ consumers }) => {
    try {
      await consumers.add(stream, {
        name,
        ack_policy: "none",
        deliver_policy: "new",
        mem_storage: true,
        num_replicas: 1,
        inactive_threshold: nanos(ttlMs),
        // Of one holder alone: who makes it again with the same words, after a lost answer, holds it still.
        metadata: { [HOLDER]: holder },
      });
      return true;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === EXISTS) return false;
      throw error;
    }
  });
  if (!taken) {
    const info = await commands.find(`looking who holds ${name}`, ({ consumers }) => consumers.info(stream, name));
    return { heldBy: info?.config.metadata?.[HOLDER] ?? "somebody who is gone by now" };
  }
  let turn = 0;
  return {
    renew: async () => {
      turn = 1 - turn;
      // The server begins to count anew when the time is another one.
      return ownOnly(commands, stream, name, holder, (consumers) => letPass(consumers, stream, name, ttlMs + turn));
    },
    release: async () => {
      await ownOnly(commands, stream, name, holder, (consumers) => letPass(consumers, stream, name, RELEASED_MS));
    },
  };
}

type Consumers = JetStreamManager["consumers"];

/** A login that may not delete lets it pass; so nobody needs the right to delete consumers for this. */
async function letPass(consumers: Consumers, stream: string, name: string, ms: number): Promise<void> {
  await consumers.update(stream, name, { inactive_threshold: nanos(ms) });
}

/** Whether it is held by this holder still, and the command was run. */
async function ownOnly(
  commands: AdminCommands,
  stream: string,
  name: string,
  holder: string,
  command: (consumers: Consumers) => Promise<void>,
): Promise<boolean> {
  const done = await commands.find(`holding ${name} of ${stream}`, async ({ consumers }) => {
    const { config } = await consumers.info(stream, name);
    if (config.metadata?.[HOLDER] !== holder) return false;
    await command(consumers);
    return true;
  });
  return done ?? false;
}
