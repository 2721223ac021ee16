import type { Fault } from "../fault.ts";
import { leaderOf } from "../fleet/leaders.ts";
import { STREAMS } from "./kill-nats.ts";

/** The node that leads a stream is parted from the others; its clients still reach it. */
export const partNats: Fault = {
  name: "part-nats",
  kind: "nats",
  says: "the NATS node that leads a stream is parted from the other two; services still reach all three",
  seconds: [6, 11],
  aim: (random) => ({ stream: random.pick(STREAMS), otherwise: random.between(0, 2) }),
  async begin({ cluster, routes }, { stream, otherwise }) {
    const place = (await leaderOf(cluster, String(stream))) ?? Number(otherwise);
    routes.around(place, { kind: "frozen" });
    return {
      says: `node-${place + 1} hears nothing of the others`,
      async end() {
        routes.around(place, { kind: "open" });
      },
    };
  },
};
