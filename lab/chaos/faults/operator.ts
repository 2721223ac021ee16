import { setTimeout as delay } from "node:timers/promises";
import { provision } from "../../../ops/provision/provision.ts";
import type { Fault } from "../fault.ts";
import { SERVER, type Fleet } from "../fleet/fleet.ts";
import { STREAMS } from "./kill-nats.ts";

const TRIES = 20;
const AGAIN_MS = 1_000;

/** Makes the topology again. While leaders change, the server refuses a part of it. */
async function provisionAgain({ topology, natsUrl }: Fleet): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await provision(topology, { natsUrl, server: SERVER });
      return;
    } catch (error) {
      if (tries === TRIES) throw error;
      await delay(AGAIN_MS);
    }
  }
}

/** An operator deletes a durable; provisioned again, it begins with everything that is stored. */
export const deleteDurable: Fault = {
  name: "delete-durable",
  kind: "operator",
  says: "a durable is deleted, and provisioned again at the end: it begins with everything that is stored",
  seconds: [3, 6],
  aim: (random) => ({ durable: random.between(0, 1_000) }),
  async begin(fleet, aim) {
    const { consumers } = fleet.topology;
    const { stream = "", durable = "" } = consumers[Number(aim["durable"]) % consumers.length] ?? {};
    const deleted = await fleet.withAdmin(async (admin) => admin.deleteDurable(stream, durable)).catch(() => false);
    return {
      says: deleted ? `${durable} was deleted` : `${durable} could not be deleted`,
      end: () => provisionAgain(fleet),
    };
  },
};

/** An operator deletes a stream; provisioned again, it is empty, and the steward publishes again what was on it. */
export const deleteStream: Fault = {
  name: "delete-stream",
  kind: "operator",
  says: "a stream is deleted with its durables, and provisioned again at the end: the steward puts back what was on it",
  seconds: [2, 4],
  aim: (random) => ({ stream: random.pick(STREAMS) }),
  async begin(fleet, aim) {
    const stream = String(aim["stream"]);
    // Whether it was deleted or not is not known when nobody answers.
    fleet.injections.deleted(stream);
    const deleted = await fleet.withAdmin(async (admin) => admin.deleteStream(stream)).catch(() => false);
    return {
      says: deleted ? `${stream} was deleted` : `${stream} could not be deleted`,
      async end() {
        await provisionAgain(fleet);
        // At its start it looks through everything, and not an hour later.
        await fleet.steward.restart();
      },
    };
  },
};
